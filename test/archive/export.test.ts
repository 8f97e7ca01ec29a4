import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importExport } from "../../scripts/archive/import-export";
import { writeExport } from "../../scripts/archive/write-export";
import type { BlobStore } from "../../scripts/local/bucket/blob-store";
import { fileStore } from "../../scripts/local/bucket/file-store";
import { s3Store } from "../../scripts/local/bucket/s3-store";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, useStack } from "../harness";
import { startS3Stub } from "../local/bucket/s3-stub";
import { makeScratch } from "../scratch";
import { bucketOf, contentOf, emptyDatabase, inDatabase, objectsOf } from "./copies";

const stack = useStack({ fresh: true });
const scratch = makeScratch("export");
const ends: (() => Promise<void>)[] = [];
const silent = () => undefined;
/** One machine: the database of the stack and files. */
const here = fileStore(join(scratch, "here"));
let stub: Awaited<ReturnType<typeof startS3Stub>>;

beforeAll(async () => {
  stub = await startS3Stub();
  ends.push(stub.close);
  const tenant = await makeTenant(stack);
  for (let batch = 0; batch < 4; batch++) {
    await deliverTo(
      stack,
      Array.from({ length: 25 }, (_, at) =>
        messageOf(tenant, eventEnvelope({ message: `It failed at ${at}`, user: { id: `${at}` } })),
      ),
    );
  }
  await eventually(async () => {
    const { rows } = await stack.sql.query("select 1 from issue_changes where handled_at is null");
    if (rows.length > 0) throw new Error("not yet");
  });
  const bucket = bucketOf(stack);
  for (const key of Object.keys(await objectsOf(bucket))) {
    const opened = await bucket.get(key);
    if (opened) await here.put(key, opened.body, { size: opened.length });
  }
  for (let letter = 0; letter < 40; letter++) {
    await here.put(`dead-letters/${letter}`, Buffer.from(`letter ${letter}`), {
      custom: [["reason", `number ${letter}`]],
      http: { contentType: "application/json" },
    });
  }
});
afterAll(async () => {
  for (const end of ends) await end();
  rmSync(scratch, { recursive: true, force: true });
});

const newDatabase = async () => {
  const made = await emptyDatabase();
  ends.push(made.drop);
  return made.url;
};

/** A store that ends the copy, as a kill would, when so many objects are written or read. */
function ending(store: BlobStore, after: number): BlobStore {
  let calls = 0;
  const count = () => {
    if (++calls > after) throw new Error("killed");
  };
  return {
    ...store,
    put: async (...args) => {
      count();
      return store.put(...args);
    },
    get: async (...args) => {
      count();
      return store.get(...args);
    },
  };
}

test("everything moves from one machine to the edge and back, though each step is ended in the middle", async () => {
  const rows = await contentOf(stack.databaseUrl);
  const objects = await objectsOf(here);
  const secret = join(scratch, "auth-secret");
  writeFileSync(secret, "the secret");
  const from = { databaseUrl: stack.databaseUrl, files: { "auth-secret": secret } };
  const out = join(scratch, "out");

  await expect(writeExport({ ...from, store: ending(here, 20) }, out, silent)).rejects.toThrow(
    "killed",
  );
  const target = { databaseUrl: await newDatabase(), store: s3Store(stub.settings) };
  await expect(importExport(out, target, silent)).rejects.toThrow("has no whole export");
  expect(await contentOf(target.databaseUrl)).toEqual({ sequences: [] });
  const lines: string[] = [];
  await writeExport({ ...from, store: here }, out, (line) => lines.push(line));
  expect(lines.join("\n")).toMatch(/44 objects \(0\.\d MB\), (2[4-9]|3\d) of them now/);
  expect(readFileSync(join(out, "files/auth-secret"), "utf8")).toBe("the secret");

  // At the edge: another database and an S3 store. The first time objects end, the second time rows.
  const halfway = { ...target, store: ending(target.store, 10) };
  await expect(importExport(out, halfway, silent)).rejects.toThrow("killed");
  const alter = (what: string) =>
    inDatabase(target.databaseUrl, (client) => client.query(`alter table issues ${what}`));
  await alter("add constraint stop check (false) not valid");
  await expect(importExport(out, target, silent)).rejects.toThrow('constraint "stop"');
  await alter("drop constraint stop");
  await importExport(out, target, silent);
  expect(await contentOf(target.databaseUrl)).toEqual(rows);
  expect(await objectsOf(target.store)).toEqual(objects);
  await importExport(out, target, (line) => lines.push(line));
  expect(lines.at(-1)).toBe("This export was imported already: nothing is changed.");

  // And back.
  const back = join(scratch, "back");
  await writeExport({ ...target, files: {} }, back, silent);
  const home = { databaseUrl: await newDatabase(), store: fileStore(join(scratch, "home")) };
  await importExport(back, home, silent);
  expect(await contentOf(home.databaseUrl)).toEqual(rows);
  expect(await objectsOf(home.store)).toEqual(objects);
});
