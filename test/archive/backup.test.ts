import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { verifyBackup } from "../../scripts/archive/read-backup";
import { restoreBackup } from "../../scripts/archive/restore-backup";
import { knownVersions, migrateTo, versionOf } from "../../scripts/archive/schema-version";
import { type BackupSource, writeBackup } from "../../scripts/archive/write-backup";
import { fileStore } from "../../scripts/local/bucket/file-store";
import { openControl } from "../control";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { makeScratch } from "../scratch";
import { launchStack } from "../stack";
import { bucketOf, contentOf, emptyDatabase, inDatabase, objectsOf } from "./copies";

const stack = useStack({ fresh: true });
const scratch = makeScratch("backup");
const ends: (() => Promise<void>)[] = [];
let folders = 0;
const newFolder = () => join(scratch, String(folders++));
const silent = () => undefined;
let tenant: Tenant;
let source: BackupSource;

const digest = (count: number, ago = 0) =>
  deliverTo(
    stack,
    Array.from({ length: count }, (_, at) =>
      messageOf(
        tenant,
        eventEnvelope({
          exception: {
            values: [{ type: `Err${at % 7}`, value: 'two\nlines, "quotes", \\N, \t, ü' }],
          },
          user: { id: `u${at}` },
          tags: { shop: `a${at % 3}` },
        }),
        { receivedAt: Date.now() - ago },
      ),
    ),
  );

beforeAll(async () => {
  tenant = await makeTenant(stack);
  await digest(50);
  // That new issues were handed to their readers is noted a moment later.
  await eventually(async () => {
    const { rows } = await stack.sql.query("select 1 from issue_changes where handled_at is null");
    if (rows.length > 0) throw new Error("not yet");
  });
  const secret = join(scratch, "auth-secret");
  writeFileSync(secret, "the secret of the machine");
  source = {
    databaseUrl: stack.databaseUrl,
    store: bucketOf(stack),
    files: { "auth-secret": secret },
  };
});
afterAll(async () => {
  for (const end of ends) await end();
  rmSync(scratch, { recursive: true, force: true });
});

const newDatabase = async (template?: string) => {
  const made = await emptyDatabase(template);
  ends.push(made.drop);
  return made.url;
};

async function restored(file: string) {
  const folder = newFolder();
  const store = fileStore(join(folder, "objects"));
  const databaseUrl = await newDatabase();
  const target = { databaseUrl, store, folder };
  await restoreBackup(file, await verifyBackup(file), target, silent);
  return target;
}

test("a backup restored elsewhere has all rows, objects and secrets, and the API answers the same", async () => {
  const file = join(newFolder(), "backup.tar.gz");
  const lines: string[] = [];
  const summary = await writeBackup(source, file, (line) => lines.push(line));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.partial`)).toBe(false);
  expect(summary).toMatchObject({ file, bytes: statSync(file).size, objects: 1 });
  expect(lines.join("\n")).toMatch(/rows of \d+ tables are copied[^]*1 objects \(/);

  const target = await restored(file);
  expect(await contentOf(target.databaseUrl)).toEqual(await contentOf(stack.databaseUrl));
  expect(await objectsOf(target.store)).toEqual(await objectsOf(bucketOf(stack)));
  expect(readFileSync(join(target.folder, "auth-secret"), "utf8")).toBe(
    "the secret of the machine",
  );
  expect(statSync(join(target.folder, "auth-secret")).mode & 0o777).toBe(0o600);

  const other = await launchStack({
    serverUrl: inject("serverUrl"),
    template: new URL(target.databaseUrl).pathname.slice(1),
    neonUrl: inject("neonUrl"),
    bundle: inject("bundle"),
    logFolder: inject("folder"),
  });
  ends.unshift(() => other.dispose());
  const control = openControl(other.controlUrl);
  for (const [key, [bytes]] of Object.entries(await objectsOf(target.store)) as [
    string,
    string[],
  ][]) {
    await control.bucket.put(key, Buffer.from(bytes ?? "", "base64"));
  }
  const org = `/api/0/organizations/${tenant.slug}`;
  const [issue] = await tenant.issues();
  const paths = [
    `${org}/issues/?statsPeriod=14d`,
    `${org}/issues/?query=shop%3Aa1`,
    `/api/0/issues/${issue?.id}/`,
    `/api/0/issues/${issue?.id}/events/`,
    `/api/0/issues/${issue?.id}/events/latest/`,
    `/api/0/issues/${issue?.id}/tags/`,
    `${org}/projects/`,
    `${org}/members/`,
  ];
  const askBoth = async (path: string) => {
    const headers = { authorization: `Bearer ${tenant.token}` };
    return Promise.all(
      [stack.url, other.url].map(async (url) => {
        const answer = await fetch(url + path, { headers });
        return [path, answer.status, await answer.json()];
      }),
    );
  };
  for (const path of paths) {
    const [here, there] = await askBoth(path);
    expect(here?.[1]).toBe(200);
    expect(there).toEqual(here);
  }
});

test("databases of Durable Objects come back for their owner alone; a name that leads elsewhere is refused", async () => {
  const objects = (part: string) => {
    const folder = newFolder();
    mkdirSync(join(folder, part), { recursive: true });
    for (const name of ["0a.sqlite", "0a.sqlite-wal", "0a.sqlite-shm", "metadata.sqlite"]) {
      writeFileSync(join(folder, part, name), `of ${name}`);
    }
    return folder;
  };
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup({ ...source, durableObjects: objects("shop-Diary") }, file, silent);
  const target = await restored(file);
  const part = join(target.folder, "durable-objects/shop-Diary");
  const found = readdirSync(part).map((name) => [name, readFileSync(join(part, name), "utf8")]);
  expect(Object.fromEntries(found)).toEqual({
    "0a.sqlite": "of 0a.sqlite",
    "0a.sqlite-wal": "of 0a.sqlite-wal",
    "metadata.sqlite": "of metadata.sqlite",
  });
  for (const path of [join(target.folder, "durable-objects"), part]) {
    expect(statSync(path).mode & 0o777).toBe(0o700);
  }

  await writeBackup({ ...source, durableObjects: objects("..shop") }, file, silent);
  await expect(restored(file)).rejects.toThrow('The name "..shop" is not allowed.');
});

test("a backup that is written while events come in is of one moment", async () => {
  const file = join(newFolder(), "backup.tar.gz");
  const coming = (async () => {
    for (let round = 0; round < 15; round++) await digest(20);
  })();
  await digest(20);
  await writeBackup(source, file, silent);
  await coming;
  const target = await restored(file);
  const { rows } = await inDatabase(target.databaseUrl, (client) =>
    client.query(
      `select (select sum(event_count)::int from issues) as counted, (select count(*)::int from events) as there,
              (select array_agg(distinct segment_id::text) from events) as segments`,
    ),
  );
  expect(rows[0].there).toBeGreaterThanOrEqual(70);
  expect(rows[0].counted).toBe(rows[0].there);
  const keys = Object.keys(await objectsOf(target.store)).join("\n");
  expect(rows[0].segments.filter((id: string) => !keys.includes(id))).toEqual([]);
});

test("rows of all ages go into partitions of their own", async () => {
  const at = new Date(Date.now() - 80 * 86_400_000);
  await stack.sql.query("select ensure_partitions('events', $1, 1)", [at]);
  await digest(3, +Date.now() - +at);
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup(source, file, silent);
  const target = await restored(file);
  const partitions = (url: string) =>
    inDatabase(url, async (client) => {
      const { rows } = await client.query(
        "select tableoid::regclass::text as name, count(*)::int from events group by 1 order by 1",
      );
      return rows;
    });
  const found = await partitions(target.databaseUrl);
  expect(found).toEqual(await partitions(stack.databaseUrl));
  expect(found.length).toBeGreaterThan(1);
  expect(found.map(({ name }) => name)).not.toContain("events_default");
});

test("bounds of what people make do not stand in the way, and hold afterwards", async () => {
  await stack.sql.query("alter table api_tokens disable trigger user");
  await stack.sql.query(
    "insert into api_tokens (token_hash, user_id, scopes) select sha256(i::text::bytea), $1, '{}' from generate_series(1, 600) i",
    [tenant.userId],
  );
  await stack.sql.query("alter table api_tokens enable trigger user");
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup(source, file, silent);
  const target = await restored(file);
  await inDatabase(target.databaseUrl, async (client) => {
    const count = "select count(*)::int as n from api_tokens";
    expect((await client.query(count)).rows[0].n).toBeGreaterThanOrEqual(600);
    await expect(
      client.query("insert into api_tokens (token_hash, user_id, scopes) values ('x', $1, '{}')", [
        tenant.userId,
      ]),
    ).rejects.toThrow("There can be at most 500 tokens");
  });
});

test("a backup that fails leaves nothing behind, and takes away what a killed one left", async () => {
  const folder = newFolder();
  mkdirSync(folder);
  // No process has such a number.
  writeFileSync(join(folder, "old.tar.gz.4194304.partial"), "half a backup");
  const file = join(folder, "backup.tar.gz");
  const failing = { ...bucketOf(stack), get: () => Promise.reject(new Error("the disk is away")) };
  await expect(writeBackup({ ...source, store: failing }, file, silent)).rejects.toThrow("is away");
  expect(readdirSync(folder)).toEqual([]);
});

test("a backup that is cut or changed anywhere is refused before anything is changed", async () => {
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup(source, file, silent);
  const whole = readFileSync(file);
  const broken = join(newFolder(), "broken.tar.gz");
  const tar = gunzipSync(whole);
  const place = tar.indexOf(tenant.slug);
  tar[place] = (tar[place] ?? 0) ^ 1;
  const object = gunzipSync(whole);
  const end = object.indexOf("manifest.json") - 600;
  object[end] = (object[end] ?? 0) ^ 1;
  for (const [what, bytes] of [
    ["empty", Buffer.alloc(0)],
    ["cut", whole.subarray(0, whole.length - 100)],
    ["half", whole.subarray(0, whole.length / 2)],
    ["changed", Buffer.concat([whole.subarray(0, 9000), Buffer.from("x"), whole.subarray(9001)])],
    ["a row", gzipSync(tar)],
    ["an object", gzipSync(object)],
    ["other", Buffer.from("no backup at all")],
  ] as const) {
    writeFileSync(join(scratch, "broken.tar.gz"), bytes);
    await expect(verifyBackup(join(scratch, "broken.tar.gz")), what).rejects.toThrow(
      /is damaged|is not whole|no backup/,
    );
  }
  await expect(verifyBackup(broken)).rejects.toThrow("no such file");
});

test("a database with rows is refused, and stays as it is", async () => {
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup(source, file, silent);
  const databaseUrl = await newDatabase(inject("template"));
  await inDatabase(databaseUrl, (client) =>
    client.query("insert into organizations (name, slug) values ('Mine', 'mine')"),
  );
  const before = await contentOf(databaseUrl);
  const folder = newFolder();
  const target = { databaseUrl, store: fileStore(join(folder, "objects")), folder };
  await expect(restoreBackup(file, await verifyBackup(file), target, silent)).rejects.toThrow(
    "The database is not empty (organizations has rows): nothing was changed.",
  );
  expect(await contentOf(databaseUrl)).toEqual(before);
  expect(existsSync(folder)).toBe(false);
});

test("a backup of an older schema is brought to the newest; one of a newer schema is refused", async () => {
  const older = knownVersions().at(-2);
  const newest = knownVersions().at(-1);
  if (!older || !newest) throw new Error("There is one migration at least.");
  const databaseUrl = await newDatabase();
  await migrateTo(databaseUrl, older);
  await inDatabase(databaseUrl, async (client) => {
    await client.query("insert into organizations (name, slug) values ('Old', 'old')");
    expect(await versionOf(client)).toEqual(older);
  });
  const file = join(newFolder(), "backup.tar.gz");
  await writeBackup({ databaseUrl, files: {} }, file, silent);
  const target = await restored(file);
  await inDatabase(target.databaseUrl, async (client) => {
    expect(await versionOf(client)).toEqual(newest);
    expect((await client.query("select slug from organizations")).rows).toEqual([{ slug: "old" }]);
    const { rows } = await client.query(
      "insert into organizations (name, slug) values ('New', 'new') returning id::int",
    );
    expect(rows[0].id).toBe(2);
  });

  await inDatabase(databaseUrl, (client) =>
    client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', $1)", [
      newest.when + 86_400_000,
    ]),
  );
  await writeBackup({ databaseUrl, files: {} }, file, silent);
  const empty = await newDatabase();
  const folder = newFolder();
  await expect(
    restoreBackup(
      file,
      await verifyBackup(file),
      { databaseUrl: empty, store: fileStore(folder), folder },
      silent,
    ),
  ).rejects.toThrow(/has the schema of \d{4}-\d\d-\d\d, which this version does not know/);
  expect(await contentOf(empty)).toEqual({ sequences: [] });
});
