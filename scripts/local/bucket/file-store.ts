import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Fault } from "../../../src/fault";
import type { BlobHead, BlobList, BlobQuery, BlobStore } from "./blob-store";
import { durableFolders } from "./durable-folders";
import { inGroups } from "./in-groups";
import { readDescription, writeObject } from "./object-file";
import { objectPath } from "./object-path";
import { orderedKeys } from "./ordered-keys";
import { resolveRange } from "./resolve-range";

/** Below so much free room nothing is written any longer: a disk that is full breaks more than one object. */
const freeBytesMin = 64 * 1024 * 1024;
/** What is shorter needs no stream; a large body is read in pieces of it. */
const readAtOnceBytesMax = 256 * 1024;
/** Files that are open at once for one list or one deletion. */
const openFilesMax = 32;

export type FileStore = BlobStore & {
  /** Removes what writes that were killed left behind. Only for the process that alone writes here. */
  removeLeftovers(): Promise<void>;
};

/**
 * Objects as files of a folder (object-file.ts, object-path.ts). A write goes to a temporary file, which is synced and
 * then renamed into its place, whose folder is synced too: what was acknowledged survives a loss of power. Deletions
 * are not synced; what comes back then is deleted again when its time has passed.
 */
export function fileStore(folder: string, options: { freeBytesMin?: number } = {}): FileStore {
  const objects = join(folder, "objects");
  const temporaries = join(folder, "temporary");
  const folders = durableFolders(objects);
  const roomMin = options.freeBytesMin ?? freeBytesMin;
  const pathOf = (key: string) => join(objects, objectPath(key));

  const withFile = async <T>(
    key: string,
    use: (file: FileHandle, head: BlobHead) => Promise<T>,
  ) => {
    const file = await openIfThere(pathOf(key));
    if (!file) return undefined;
    try {
      const head = await readDescription(file, key);
      if (!head)
        throw new Fault("unavailable", `The file of the object ${JSON.stringify(key)} is damaged.`);
      return await use(file, head);
    } catch (error) {
      await file.close();
      throw error;
    }
  };

  return {
    put: async (key, body, about) => {
      const path = pathOf(key);
      const temporary = join(temporaries, randomUUID());
      try {
        await mkdir(temporaries, { recursive: true, mode: 0o700 });
        await assertRoom(folder, roomMin + (about.size ?? 0));
        const stamp = { key, version: randomUUID(), uploadedAtMs: Date.now() };
        const head = await inNewFile(temporary, (file) =>
          writeObject(file, body, { ...about, ...stamp }),
        );
        await folders.moveIn(temporary, path);
        return head;
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw explained(error, folder);
      }
    },
    get: (key, range) =>
      withFile(key, async (file, head) => {
        const { offset, length } = resolveRange(range, head.size);
        const body = await bodyOf(file, offset, length);
        return { head, offset, length, body };
      }),
    head: (key) =>
      withFile(key, async (file, head) => {
        await file.close();
        return head;
      }),
    delete: async (keys) => {
      await inGroups(keys.map(pathOf), openFilesMax, async (path) => {
        try {
          await unlink(path);
        } catch (error) {
          if (isMissing(error)) return;
          throw explained(error, folder);
        }
        await folders.removeEmpty(path);
      });
    },
    list: (query) => list(objects, query),
    removeLeftovers: () => rm(temporaries, { recursive: true, force: true }),
  };
}

async function list(objects: string, { prefix, after, limit }: BlobQuery): Promise<BlobList> {
  const found: { key: string; path: string }[] = [];
  let next: string | undefined;
  for await (const each of orderedKeys(objects, prefix, after)) {
    if (found.length === limit) {
      next = found.at(-1)?.key;
      break;
    }
    found.push(each);
  }
  const heads = await inGroups(found, openFilesMax, ({ key, path }) => describe(path, key));
  return {
    blobs: heads.filter((head) => head !== undefined),
    ...(next !== undefined && { next }),
  };
}

/** A damaged file is in the list with nothing said about it, so that it can be deleted. */
async function describe(path: string, key: string): Promise<BlobHead | undefined> {
  const file = await openIfThere(path);
  if (!file) return undefined;
  try {
    return (
      (await readDescription(file, key)) ?? {
        key,
        size: (await file.stat()).size,
        etag: "damaged",
        version: "damaged",
        uploadedAtMs: 0,
        custom: [],
        http: {},
      }
    );
  } finally {
    await file.close();
  }
}

async function inNewFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "wx", 0o600);
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

async function bodyOf(file: FileHandle, offset: number, length: number): Promise<Readable> {
  if (length > readAtOnceBytesMax) {
    const last = offset + length - 1;
    return file.createReadStream({ start: offset, end: last, highWaterMark: readAtOnceBytesMax });
  }
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new Error("The file ended early.");
  await file.close();
  return Readable.from([bytes]);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";
const isMissing = (error: unknown) => ["ENOENT", "ENOTDIR"].includes(codeOf(error));

async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes)
    throw new Fault("unavailable", `The disk of ${folder} is nearly full.`);
}

function explained(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) {
    return new Fault("unavailable", `The disk of ${folder} is full.`, { cause: error });
  }
  if (["EROFS", "EACCES", "EPERM"].includes(code)) {
    return new Fault("unavailable", `${folder} cannot be written to (${code}).`, { cause: error });
  }
  return error;
}
