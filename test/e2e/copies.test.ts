import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { verifyBackup } from "../../scripts/archive/read-backup";
import { fileStore } from "../../scripts/local/bucket/file-store";
import { restoreMark } from "../../scripts/local/upgrade";
import { contentOf, emptyDatabase, inDatabase, objectsOf } from "../archive/copies";
import { commandLine } from "../command-line";
import { eventEnvelope, eventually } from "../harness";
import { askForHome } from "../keeper";
import { startS3Stub } from "../local/bucket/s3-stub";
import { type LocalServer, makeLocalServer } from "../local-server";
import { makeScratch } from "../scratch";

/** Backup, restore, export and import as people run them, beside `npm start`. */

const root = join(import.meta.dirname, "../..");
const scratch = makeScratch("copies");
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
  rmSync(scratch, { recursive: true, force: true });
});

async function newServer(template?: string): Promise<LocalServer> {
  const server = await makeLocalServer({}, template);
  ends.push(() => server.remove());
  return server;
}

/** What a command printed; throws with it when it failed. */
const command = (
  name: string,
  home: string,
  parameters: string[],
  more: Record<string, string> = {},
) =>
  new Promise<string>((resolve, reject) => {
    const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
    execFile(
      process.execPath,
      [...commandLine(name), ...parameters],
      { cwd: root, env: { ...inherited, BRINKWATCH_HOME: home, ...more }, timeout: 120_000 },
      (error, stdout, stderr) => (error ? reject(new Error(stdout + stderr)) : resolve(stdout)),
    );
  });

const answersOf = async (server: LocalServer, token: string) => {
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(server.url + path, { headers });
    expect([path, answer.status]).toEqual([path, 200]);
    // Each server has an address of its own.
    return JSON.parse((await answer.text()).replaceAll(server.url, "")) as unknown;
  };
  const org = "/api/0/organizations/acme";
  const issues = (await get(`${org}/issues/?sort=-count`)) as { id: string; count: string }[];
  const events = await Promise.all(
    issues.map(({ id }) => get(`/api/0/issues/${id}/events/latest/`)),
  );
  return { issues, events, members: await get(`${org}/members/`) };
};

test("a backup, of a running server or a killed one, brings everything back elsewhere", async () => {
  const server = await newServer(await askForHome(inject("keeperUrl")));
  await server.start();
  const { token } = server;
  const send = async (count: number) => {
    const exceptions = Array.from({ length: count }, (_, at) => ({
      values: [{ type: `Err${at % 3}`, value: "it broke" }],
    }));
    const sent = await Promise.all(
      exceptions.map((exception) =>
        fetch(server.door, { method: "POST", body: eventEnvelope({ exception }) }),
      ),
    );
    expect(sent.map(({ status }) => status)).toEqual(Array(count).fill(200));
  };
  await send(8);
  await eventually(async () => {
    const { issues } = await answersOf(server, token);
    expect(issues.map(({ count }) => Number(count))).toEqual([3, 3, 2]);
  });
  const before = await answersOf(server, token);
  const object = "durable-objects/brinkwatch-Diary/0a.sqlite";
  mkdirSync(dirname(join(server.home, object)), { recursive: true });
  writeFileSync(join(server.home, object), "what an object keeps");
  const running = join(scratch, "running.tar.gz");
  expect(await command("backup", server.home, [running])).toMatch(
    /of the server that runs in .*\n[^]*\d+ rows and \d+ objects are in .*running\.tar\.gz \(\d/,
  );
  expect((await verifyBackup(running)).manifest.waiting).toBe(0);
  await expect(command("restore", server.home, [running])).rejects.toThrow("stop it first");

  // Killed at once: what waits in the queues goes along.
  await send(40);
  await server.crashAll();
  const killed = join(scratch, "killed.tar.gz");
  await command("backup", server.home, [killed]);

  const fresh = await newServer();
  await command("restore", fresh.home, [running]);
  cpSync(join(server.home, "bundle"), join(fresh.home, "bundle"), { recursive: true });
  await fresh.start();
  expect(await answersOf(fresh, token)).toEqual(before);
  expect(fresh.token).toBe(token);
  for (const name of ["auth-secret", object]) {
    const [there, here] = [fresh.home, server.home].map((home) =>
      readFileSync(join(home, name), "utf8"),
    );
    expect([name, there]).toEqual([name, here]);
  }
  await fresh.stop();

  const names = readdirSync(fresh.home).toSorted();
  for (const parameters of [[killed], [killed, "--force", "other"]]) {
    await expect(command("restore", fresh.home, parameters)).rejects.toThrow(
      /is not empty: nothing was changed\. With --force/,
    );
  }
  expect(readdirSync(fresh.home).toSorted()).toEqual(names);
  const forced = await command("restore", fresh.home, [killed, "--force", basename(fresh.home)]);
  expect(forced).toMatch(/What was in .*objects is in .*objects-replaced-/);
  await fresh.start();
  await eventually(async () =>
    expect(await fresh.query("select count(*)::int as n from events")).toEqual([{ n: 48 }]),
  );
});

test("one machine moves to the edge and back", async () => {
  const machine = await emptyDatabase(inject("template"));
  const edge = await emptyDatabase();
  const stub = await startS3Stub();
  ends.push(machine.drop, edge.drop, stub.close);
  await inDatabase(machine.url, (client) =>
    client.query("insert into organizations (name, slug) values ('Acme', 'acme')"),
  );
  const home = join(scratch, "machine");
  await fileStore(join(home, "objects")).put("segments/one", Buffer.from("payload"), {});
  writeFileSync(join(home, "auth-secret"), "the secret");
  const settings = {
    DATABASE_URL: edge.url,
    S3_ENDPOINT: stub.settings.endpoint,
    S3_BUCKET: stub.settings.bucket,
    S3_ACCESS_KEY_ID: stub.settings.accessKeyId,
    S3_SECRET_ACCESS_KEY: stub.settings.secretAccessKey,
  };

  const out = join(scratch, "out");
  const exported = await command("export", home, [out], { DATABASE_URL: machine.url });
  expect(exported).toContain(`All of it is in ${out}`);
  const untouched = join(scratch, "untouched");
  const imported = await command("import", untouched, [out], settings);
  expect(imported).toContain("npx wrangler secret put AUTH_SECRET <");
  expect(exported + imported).not.toMatch(/the secret|a-secret-key/);
  expect(existsSync(untouched)).toBe(false);
  expect(await contentOf(edge.url)).toEqual(await contentOf(machine.url));
  expect([...stub.objects.keys()]).toEqual(["segments/one"]);

  await expect(command("backup", untouched, [])).rejects.toThrow(
    `There is nothing in ${untouched}`,
  );
  const back = join(scratch, "back");
  await command("export", untouched, [back], settings);
  const other = await emptyDatabase();
  ends.unshift(other.drop);
  const again = join(scratch, "again");
  const returned = await command("import", again, [back], { DATABASE_URL: other.url });
  expect(returned).toContain("with the same AUTH_SECRET");
  expect(await contentOf(other.url)).toEqual(await contentOf(machine.url));
  expect(await objectsOf(fileStore(join(again, "objects")))).toEqual(
    await objectsOf(fileStore(join(home, "objects"))),
  );
});

test("a restore that fails puts back what was there; one that was killed is run again", async () => {
  const machine = await emptyDatabase(inject("template"));
  const empty = await emptyDatabase();
  ends.unshift(machine.drop, empty.drop);
  await inDatabase(machine.url, (client) =>
    client.query("insert into organizations (name, slug) values ('Acme', 'acme')"),
  );
  const home = join(scratch, "failing");
  const store = fileStore(join(home, "objects"));
  await store.put("segments/one", Buffer.from("payload"), {});
  const file = join(scratch, "small.tar.gz");
  await command("backup", home, [file], { DATABASE_URL: machine.url });
  await store.put("segments/two", Buffer.from("later"), {});
  const objects = await objectsOf(store);
  const names = readdirSync(home).toSorted();

  // Its database has rows.
  const force = ["--force", basename(home)];
  await expect(
    command("restore", home, [file, ...force], { DATABASE_URL: machine.url }),
  ).rejects.toThrow("The database is not empty (organizations has rows): nothing was changed.");
  expect(readdirSync(home).toSorted()).toEqual(names);
  expect(await objectsOf(store)).toEqual(objects);

  writeFileSync(join(home, restoreMark), "");
  await command("restore", home, [file, ...force], { DATABASE_URL: empty.url });
  expect(existsSync(join(home, restoreMark))).toBe(false);
  expect(Object.keys(await objectsOf(store))).toEqual(["segments/one"]);
  expect(await contentOf(empty.url)).toEqual(await contentOf(machine.url));
});
