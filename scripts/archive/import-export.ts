import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import type { BlobStore } from "../local/bucket/blob-store";
import { fileStore } from "../local/bucket/file-store";
import { migrateDatabase } from "../migrate-database";
import { copyObjects, countObjects } from "./copy-objects";
import { loadPart, makePartitions, prepareTarget, setSequences } from "./load-tables";
import { type Header, Manifest, type Member } from "./manifest";
import { readTables } from "./write-export";

export type ImportTarget = { databaseUrl: string; store: BlobStore };

/** In the database itself, so that a part and the note of it are one commit. Not of the application's schema. */
const journal = "brinkwatch_import.parts";
const finished = "all";

/**
 * Brings an export into an empty database and a bucket: objects first, so that no row names one that is missing. Ended
 * at any moment, the next call goes on; one after the end changes nothing.
 */
export async function importExport(
  folder: string,
  target: ImportTarget,
  log: (line: string) => void,
): Promise<void> {
  const { header, members, objectCount } = await readWhole(folder);
  const client = new pg.Client({ connectionString: target.databaseUrl });
  await client.connect();
  client.on("error", () => undefined);
  try {
    const done = await openJournal(client, target.databaseUrl, header);
    if (done.has(finished)) {
      log("This export was imported already: nothing is changed.");
      return;
    }
    const copied = await copyObjects(fileStore(folder), target.store, log);
    log(`${objectCount} objects, ${copied} of them copied now.`);
    const parts = members.filter(({ name, table }) => table !== undefined && !done.has(name));
    for (const { name, table = "", rows = 0 } of parts) {
      const bytes = gunzipSync(readFileSync(join(folder, name)));
      await inTransaction(client, async () => {
        await loadPart(client, header, { table, rows, bytes });
        await client.query(`insert into ${journal} values ($1, $2)`, [header.id, name]);
      });
    }
    await inTransaction(client, async () => {
      await setSequences(client, header);
      await client.query(`insert into ${journal} values ($1, $2)`, [header.id, finished]);
    });
    await client.query("analyze");
    const loaded = parts.reduce((sum, { rows = 0 }) => sum + rows, 0);
    log(`${loaded} rows are loaded now; all of it is there.`);
  } finally {
    await client.end().catch(() => undefined);
  }
  await migrateDatabase(target.databaseUrl);
}

/** Looks at all parts before anything is changed. */
async function readWhole(
  folder: string,
): Promise<{ header: Header; members: Member[]; objectCount: number }> {
  const tables = readTables(folder);
  const file = join(folder, "manifest.json");
  if (!tables || !existsSync(file)) {
    throw new Error(`${folder} has no whole export: run the export again, it goes on.`);
  }
  const manifest = Manifest.parse(JSON.parse(readFileSync(file, "utf8")));
  for (const { name, sha256 } of manifest.members) {
    const path = join(folder, name);
    const isSame =
      existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex") === sha256;
    if (!isSame) throw new Error(`${path} is missing or damaged: nothing was imported.`);
  }
  const { count } = await countObjects(fileStore(folder));
  if (count !== manifest.objects?.count) {
    throw new Error(`There are ${count} objects in ${folder}, not ${manifest.objects?.count}.`);
  }
  return { header: tables.header, members: manifest.members, objectCount: count };
}

/** What was loaded before. Throws where the database has rows that are not of this import. */
async function openJournal(
  client: pg.Client,
  databaseUrl: string,
  header: Header,
): Promise<Set<string>> {
  const { rows: there } = await client.query("select to_regclass($1) is not null as there", [
    journal,
  ]);
  if (there[0].there) {
    const { rows } = await client.query<{ export: string; part: string }>(
      `select export, part from ${journal}`,
    );
    if (rows.some((row) => row.export !== header.id)) {
      throw new Error("Another export was imported into this database: nothing is changed.");
    }
    return new Set(rows.map(({ part }) => part));
  }
  await prepareTarget(client, databaseUrl, header);
  await inTransaction(client, async () => {
    await client.query("create schema brinkwatch_import");
    await client.query(
      `create table ${journal} (export text not null, part text not null, primary key (export, part))`,
    );
    await client.query(`insert into ${journal} values ($1, $2)`, [header.id, "begun"]);
    await makePartitions(client, header);
  });
  return new Set();
}

async function inTransaction(client: pg.Client, write: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await write();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
