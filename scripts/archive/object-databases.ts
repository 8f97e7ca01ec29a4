import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A database of a Durable Object as it was at one moment: its own file, and the log of what is not in that yet. */
export type ObjectFile = { name: string; bytes: Buffer };

const triesMax = 100;
const pauseMs = 50;
/** Header of SQLite's log; it changes whenever the log begins anew. */
const logHeaderBytes = 32;
const none = Buffer.alloc(0);

/**
 * The files of all objects below a folder, each object as a killed process would leave it, while others write to them.
 * SQLite appends to an object's log and now and then moves that into its file: between two reads of the file that are
 * equal, with a log that did not begin anew, nothing was moved, and of what was being appended SQLite takes what is
 * whole. Throws when an object changes so often that there is no such moment.
 */
export async function* objectFiles(folder = ""): AsyncGenerator<ObjectFile> {
  for (const part of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
    if (!part.isDirectory()) continue;
    for (const name of readdirSync(join(folder, part.name)).toSorted()) {
      if (!name.endsWith(".sqlite")) continue;
      const file = join(folder, part.name, name);
      const { database, log } = await atOneMoment(file);
      if (database) yield { name: `${part.name}/${name}`, bytes: database };
      if (database && log.length > 0) yield { name: `${part.name}/${name}-wal`, bytes: log };
    }
  }
}

async function atOneMoment(file: string): Promise<{ database: Buffer | undefined; log: Buffer }> {
  for (let tries = 0; tries < triesMax; tries++) {
    const database = read(file);
    const log = read(`${file}-wal`) ?? none;
    const again = read(file);
    const logAgain = read(`${file}-wal`) ?? none;
    // An object that was deleted meanwhile.
    if (!database || !again) return { database: undefined, log: none };
    if (database.equals(again) && isContinued(log, logAgain)) return { database, log };
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`${file} changes all the time. Stop the server first, then it can be copied.`);
}

const isContinued = (before: Buffer, after: Buffer): boolean =>
  before.length <= after.length &&
  before.subarray(0, logHeaderBytes).equals(after.subarray(0, logHeaderBytes));

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
