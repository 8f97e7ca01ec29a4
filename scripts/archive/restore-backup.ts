import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { type BlobStore, httpFields } from "../local/bucket/blob-store";
import { durableObjectsName } from "../local/places";
import { migrateDatabase } from "../migrate-database";
import { loadPart, makePartitions, prepareTarget, setSequences } from "./load-tables";
import { backupMembers, partsOf, type Verified, wholeOf } from "./read-backup";
import type { TarMember } from "./tar";

export type RestoreTarget = {
  databaseUrl: string;
  store: BlobStore;
  /** Where secrets, queues and Durable Objects go. */
  folder: string;
};

const lineBytesMax = 64 * 1024;
const progressEvery = 1000;
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}$/;

const ObjectLine = z.object({
  key: z.string(),
  custom: z.array(z.tuple([z.string(), z.string()])),
  http: z.partialRecord(z.enum(httpFields), z.string()),
});

/**
 * Brings a verified backup into an empty database, a bucket and a folder. All rows appear at once, at the end, and
 * then the schema is brought to the newest.
 */
export async function restoreBackup(
  file: string,
  { header, manifest }: Verified,
  target: RestoreTarget,
  log: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: target.databaseUrl });
  await client.connect();
  client.on("error", () => undefined);
  const parts = partsOf(manifest);
  let objects = 0;
  try {
    await prepareTarget(client, target.databaseUrl, header);
    await client.query("begin");
    await makePartitions(client, header);
    for await (const member of backupMembers(file)) {
      const [kind, ...rest] = member.name.split("/");
      const name = rest.join("/");
      if (kind === "tables") {
        const { table = "", rows = 0 } = parts.get(member.name) ?? {};
        await loadPart(client, header, { table, rows, bytes: await wholeOf(member) });
      } else if (kind === "objects") {
        await restoreObject(target.store, member);
        if (++objects % progressEvery === 0) log(`${objects} objects are restored.`);
      } else if (kind === "files") writeOwn(target.folder, name, await wholeOf(member));
      else if (kind === "queues") {
        writeOwn(join(target.folder, "queues"), name, await wholeOf(member));
      } else if (kind === durableObjectsName) {
        const [part = "", ...file] = rest;
        assertSafe(part);
        const folder = join(target.folder, durableObjectsName, part);
        writeOwn(folder, file.join("/"), await wholeOf(member));
      }
    }
    await setSequences(client, header);
    await client.query("commit");
    await client.query("analyze");
  } finally {
    await client.end().catch(() => undefined);
  }
  await migrateDatabase(target.databaseUrl);
  const rows = manifest.members.reduce((sum, member) => sum + (member.rows ?? 0), 0);
  log(`${rows} rows and ${objects} objects are restored.`);
}

async function restoreObject(store: BlobStore, { name, size, body }: TarMember): Promise<void> {
  const held: Buffer[] = [];
  let bytes = 0;
  let end = -1;
  while (end < 0) {
    const { value, done } = await body.next();
    if (done || bytes > lineBytesMax) throw new Error(`${name} does not say what it is.`);
    const at = value.indexOf("\n");
    if (at >= 0) end = bytes + at;
    held.push(value);
    bytes += value.length;
  }
  const start = Buffer.concat(held);
  const { key, custom, http } = ObjectLine.parse(JSON.parse(start.subarray(0, end).toString()));
  const content = async function* () {
    if (start.length > end + 1) yield start.subarray(end + 1);
    yield* body;
  };
  await store.put(key, content(), { size: size - end - 1, custom, http });
}

/** For its owner alone; a name from a file leads nowhere else. */
function writeOwn(folder: string, name: string, bytes: Buffer): void {
  assertSafe(name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), bytes, { mode: 0o600 });
}

function assertSafe(name: string): void {
  if (!safeName.test(name)) throw new Error(`The name ${JSON.stringify(name)} is not allowed.`);
}
