import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { verifyBackup } from "../../scripts/archive/read-backup";
import { restoreBackup } from "../../scripts/archive/restore-backup";
import {
  knownVersions,
  migrateTo,
  ownMigrations,
  versionOf,
} from "../../scripts/archive/schema-version";
import { fileStore } from "../../scripts/local/bucket/file-store";
import { prepareDatabase, restoreMark } from "../../scripts/local/upgrade";
import { contentOf, emptyDatabase, inDatabase } from "../archive/copies";
import { makeScratch } from "../scratch";

const scratch = makeScratch("upgrade");
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
async function machine() {
  const { url, drop } = await emptyDatabase();
  ends.push(drop);
  const folder = join(scratch, String(folders++));
  mkdirSync(folder);
  const lines: string[] = [];
  return {
    url,
    folder,
    lines,
    start: (migrationsFolder?: string) =>
      prepareDatabase({
        databaseUrl: url,
        folder,
        files: {},
        log: (line) => lines.push(line),
        ...(migrationsFolder && { migrationsFolder }),
      }),
    backups: () =>
      existsSync(join(folder, "backups")) ? readdirSync(join(folder, "backups")).toSorted() : [],
  };
}

/** All migrations and some more. */
function laterMigrations(count: number): string {
  const folder = join(scratch, `migrations-${count}`);
  cpSync(ownMigrations, folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8"));
  for (let each = 1; each <= count; each++) {
    const last = journal.entries.at(-1);
    const tag = `9${each}_later`;
    writeFileSync(join(folder, `${tag}.sql`), `create table later_${each} (id int)`);
    journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1000, tag });
  }
  writeFileSync(file, JSON.stringify(journal));
  return folder;
}

const addPerson = (url: string) =>
  inDatabase(url, (client) =>
    client.query("insert into users (email, name) values ('a@b.c', 'Ada')"),
  );

test("an upgrade saves the database first, from which the older version gets everything back", async () => {
  const here = await machine();
  const [older, newest] = knownVersions().slice(-2);
  if (!older || !newest) throw new Error("There are two migrations at least.");
  await migrateTo(here.url, older);
  await addPerson(here.url);
  const before = await contentOf(here.url);

  await here.start();
  const [backup = ""] = here.backups();
  const file = join(here.folder, "backups", backup);
  expect(here.lines).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Before the upgrade from ${older.tag} to ${newest.tag}, 1 rows were saved to ${file}\\.$`,
      ),
    ),
  ]);
  expect(await inDatabase(here.url, (client) => versionOf(client))).toEqual(newest);

  const verified = await verifyBackup(file);
  expect(verified.header.schema).toEqual(older);
  const there = await machine();
  const store = fileStore(join(there.folder, "objects"));
  await restoreBackup(
    file,
    verified,
    { databaseUrl: there.url, store, folder: there.folder },
    () => undefined,
  );
  expect((await contentOf(there.url)).users).toEqual(before.users);
  await here.start();
  expect(here.backups().length).toBe(1);
});

test("a first start, and one without anything new, write no backup; of automatic ones three are kept", async () => {
  const here = await machine();
  await here.start();
  await addPerson(here.url);
  await here.start();
  expect(here.backups()).toEqual([]);
  mkdirSync(join(here.folder, "backups"));
  writeFileSync(join(here.folder, "backups/by-hand.tar.gz"), "kept");
  for (let count = 1; count <= 4; count++) await here.start(laterMigrations(count));
  expect(here.backups().map((name) => name.slice(0, "before-91_later".length))).toEqual([
    "before-92_later",
    "before-93_later",
    "before-94_later",
    "by-hand.tar.gz",
  ]);
});

test("an older version on a newer schema says so and changes nothing", async () => {
  const here = await machine();
  await here.start();
  await addPerson(here.url);
  await here.start(laterMigrations(1));
  const before = await contentOf(here.url);
  const backups = here.backups();
  await expect(here.start()).rejects.toThrow(
    /^The database was used by a newer version \(its schema is of \d{4}-\d\d-\d\d, the newest of this version \w+\)\. Start that version again, or restore a backup from before \(npm run restore\); the last one is .*before-91_later/,
  );
  expect(await contentOf(here.url)).toEqual(before);
  expect(here.backups()).toEqual(backups);
});

test("where there is no room for the backup, nothing is upgraded", async () => {
  const here = await machine();
  await here.start();
  await addPerson(here.url);
  const before = await contentOf(here.url);
  // A file where the folder of backups would be.
  writeFileSync(join(here.folder, "backups"), "");
  await expect(here.start(laterMigrations(1))).rejects.toThrow(
    "could not be saved before its upgrade, so nothing was changed: ",
  );
  expect(await contentOf(here.url)).toEqual(before);
});

test("a folder into which a restore did not end is not started on", async () => {
  const here = await machine();
  writeFileSync(join(here.folder, restoreMark), "");
  await expect(here.start()).rejects.toThrow("did not end. Run it again, with --force");
  expect(await contentOf(here.url)).toEqual({ sequences: [] });
});
