import { createHash, type Hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type BlobStore, everyBlob, type OpenBlob } from "../local/bucket/blob-store";
import { syncFolder } from "../local/bucket/durable-folders";
import { writeAll } from "../local/bucket/object-file";
import { durableObjectsName } from "../local/places";
import { beganOf } from "../local/processes";
import { openDump } from "./dump-tables";
import type { Manifest, Member } from "./manifest";
import { objectFiles } from "./object-databases";
import { tarEnd, tarHeader, tarPadding } from "./tar";

export type BackupSource = {
  databaseUrl: string;
  /** Without it the backup is of the database and the files alone. */
  store?: BlobStore;
  /** Secrets that belong to the data, by name. */
  files: Record<string, string>;
  /** Folder of the queues, when nobody has it open. */
  queues?: string;
  /** Folder of the databases of Durable Objects, which may be open. */
  durableObjects?: string;
  /** Messages in queues that somebody has open. */
  waiting?: number;
};

export type BackupSummary = { file: string; bytes: number; rows: number; objects: number };

/** Objects of a bucket hardly shrink, rows do at any level. */
const gzipLevel = 1;
const progressEvery = 1000;

/**
 * Writes everything into one file: a compressed tar. It is there under its name when all of it is on disk, and readable
 * by its owner alone. First the rows, in one view of the database, then the objects (openDump says why that fits).
 */
export async function writeBackup(
  source: BackupSource,
  file: string,
  log: (line: string) => void,
): Promise<BackupSummary> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  removeLeftovers(dirname(file));
  const partial = `${file}.${process.pid}${partialEnding}`;
  let handle: FileHandle | undefined;
  const dump = await openDump(source.databaseUrl);
  try {
    handle = await open(partial, "wx", 0o600);
    const summary = { rows: 0, objects: 0 };
    const to = handle;
    await pipeline(
      membersOf(source, dump, summary, log),
      createGzip({ level: gzipLevel }),
      async (packed: AsyncIterable<Buffer>) => {
        for await (const chunk of packed) await writeAll(to, chunk);
      },
    );
    await handle.sync();
    const { size: bytes } = await handle.stat();
    await handle.close();
    handle = undefined;
    renameSync(partial, file);
    await syncFolder(dirname(file));
    return { file, bytes, ...summary };
  } catch (error) {
    await handle?.close();
    rmSync(partial, { force: true });
    throw error;
  } finally {
    await dump.close();
  }
}

const partialEnding = ".partial";

/** What backups left behind that were killed: their process is gone. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = /\.(\d{1,10})\.partial$/.exec(name) ?? [];
    if (pid !== undefined && beganOf(Number(pid)) === undefined)
      rmSync(join(folder, name), { force: true });
  }
}

async function* membersOf(
  source: BackupSource,
  dump: Awaited<ReturnType<typeof openDump>>,
  summary: { rows: number; objects: number },
  log: (line: string) => void,
): AsyncGenerator<Buffer> {
  const { header } = dump;
  const members: Member[] = [];
  const add = function* (name: string, bytes: Buffer, more: Partial<Member> = {}) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    members.push({ name, bytes: bytes.length, sha256, ...more });
    yield* member(name, bytes);
  };
  yield* add("header.json", Buffer.from(JSON.stringify(header, null, 2)));
  for (const [name, path] of Object.entries(source.files)) {
    yield* add(`files/${name}`, readFileSync(path));
  }
  let number = 0;
  for await (const { table, rows, bytes } of dump.parts()) {
    yield* add(`tables/${table}/${padded(++number)}.copy`, bytes, { table, rows });
    summary.rows += rows;
  }
  log(`${summary.rows} rows of ${header.tables.length} tables are copied.`);
  for (const name of source.queues ? readdirSync(source.queues).toSorted() : []) {
    const path = join(source.queues ?? "", name);
    if (statSync(path).isFile()) yield* add(`queues/${name}`, readFileSync(path));
  }
  for await (const { name, bytes } of objectFiles(source.durableObjects)) {
    yield* add(`${durableObjectsName}/${name}`, bytes);
  }
  const objects = { count: 0, bytes: 0, sha256: "" };
  if (source.store) {
    const sum = createHash("sha256");
    for await (const { key } of everyBlob(source.store)) {
      const opened = await source.store.get(key);
      // Its time has passed meanwhile.
      if (!opened) continue;
      objects.count++;
      yield* objectMember(`objects/${padded(objects.count)}`, opened, sum);
      objects.bytes += opened.length;
      if (objects.count % progressEvery === 0) log(`${objects.count} objects are copied.`);
    }
    objects.sha256 = sum.digest("hex");
    summary.objects = objects.count;
    log(`${objects.count} objects (${megabytes(objects.bytes)}) are copied.`);
  }
  const manifest: Manifest = {
    id: header.id,
    members,
    ...(source.store && { objects }),
    ...(source.waiting !== undefined && { waiting: source.waiting }),
  };
  yield* member("manifest.json", Buffer.from(JSON.stringify(manifest)));
  yield tarEnd();
}

function* member(name: string, bytes: Buffer): Generator<Buffer> {
  yield tarHeader(name, bytes.length, 0o600, Date.now());
  yield bytes;
  yield tarPadding(bytes.length);
}

/** One line that says what it is, then its bytes. */
async function* objectMember(
  name: string,
  { head, length, body }: OpenBlob,
  sum: Hash,
): AsyncGenerator<Buffer> {
  const { key, custom, http } = head;
  const line = Buffer.from(`${JSON.stringify({ key, custom, http })}\n`);
  const size = line.length + length;
  yield tarHeader(name, size, 0o600, head.uploadedAtMs);
  sum.update(line);
  yield line;
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    sum.update(chunk);
    yield chunk;
  }
  if (bytes !== length) throw new Error(`The object ${key} could not be read to its end.`);
  yield tarPadding(size);
}

export const padded = (number: number): string => String(number).padStart(8, "0");
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
