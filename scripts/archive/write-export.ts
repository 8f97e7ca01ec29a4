import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import type { BlobStore } from "../local/bucket/blob-store";
import { syncFolder } from "../local/bucket/durable-folders";
import { fileStore } from "../local/bucket/file-store";
import { copyObjects, countObjects } from "./copy-objects";
import { openDump } from "./dump-tables";
import { Header, type Manifest, Member } from "./manifest";
import { megabytes, padded } from "./write-backup";

export type ExportSource = {
  databaseUrl: string;
  store: BlobStore;
  /** Secrets that belong to the data, by name. */
  files: Record<string, string>;
  waiting?: number;
};

/** The tables of an export, once all of them are in its folder. */
export const ExportedTables = z.object({ header: Header, members: z.array(Member) });
export type ExportedTables = z.output<typeof ExportedTables>;

/**
 * Writes everything into a folder. Ended at any moment, the next call goes on: rows are of one view of the database,
 * so tables begin anew until all of them are there; then objects are copied, which takes most of the time, but for
 * those that are there.
 */
export async function writeExport(
  source: ExportSource,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(join(folder, "manifest.json"))) {
    log(`The export in ${folder} is whole already; take another folder for a new one.`);
    return;
  }
  const tables = readTables(folder) ?? (await exportTables(source, folder));
  const rows = tables.members.reduce((sum, member) => sum + (member.rows ?? 0), 0);
  log(`${rows} rows, as of ${tables.header.createdAt}.`);
  const store = fileStore(folder);
  await store.removeLeftovers();
  const copied = await copyObjects(source.store, store, log);
  const objects = await countObjects(store);
  log(`${objects.count} objects (${megabytes(objects.bytes)}), ${copied} of them now.`);
  const manifest: Manifest = {
    id: tables.header.id,
    members: tables.members,
    objects,
    ...(source.waiting !== undefined && { waiting: source.waiting }),
  };
  await writeSynced(folder, "manifest.json", Buffer.from(JSON.stringify(manifest)));
}

export function readTables(folder: string): ExportedTables | undefined {
  const file = join(folder, "tables.json");
  if (!existsSync(file)) return undefined;
  return ExportedTables.parse(JSON.parse(readFileSync(file, "utf8")));
}

async function exportTables(source: ExportSource, folder: string): Promise<ExportedTables> {
  const parts = join(folder, "tables");
  rmSync(parts, { recursive: true, force: true });
  for (const each of [parts, join(folder, "files")])
    mkdirSync(each, { recursive: true, mode: 0o700 });
  const members: Member[] = [];
  const add = async (name: string, bytes: Buffer, more: Partial<Member>) => {
    await writeSynced(folder, name, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    members.push({ name, bytes: bytes.length, sha256, ...more });
  };
  for (const [name, path] of Object.entries(source.files)) {
    await add(`files/${name}`, readFileSync(path), {});
  }
  const dump = await openDump(source.databaseUrl);
  try {
    let number = 0;
    for await (const { table, rows, bytes } of dump.parts()) {
      const name = `tables/${padded(++number)}-${table}.copy.gz`;
      await add(name, gzipSync(bytes, { level: 1 }), { table, rows });
    }
    const tables = { header: dump.header, members };
    await writeSynced(folder, "tables.json", Buffer.from(JSON.stringify(tables)));
    return tables;
  } finally {
    await dump.close();
  }
}

/** Whole or not at all, for its owner alone. */
async function writeSynced(folder: string, name: string, bytes: Buffer): Promise<void> {
  const path = join(folder, name);
  const handle = await open(`${path}.partial`, "w", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.partial`, path);
  await syncFolder(join(path, ".."));
}
