import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";

export type Level = ClassicLevel<Buffer, Buffer>;

export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** What is written before it goes to a table of its own; memory is twice that. */
const writeBufferBytes = 8 * 1024 * 1024;
const cacheBytes = 4 * 1024 * 1024;
/** Tables that are mapped into memory; each has about 2 MB. */
const openFilesMax = 40;
const protocolBytesMax = 1024 * 1024;

/**
 * Opens the database of the queues, and mends it where it is damaged. Says how it was found: what is not sound has to be
 * looked through. Throws when another process has it, when it cannot be written, and when it cannot be mended.
 */
export async function openLevel(
  folder: string,
  log: Log,
  isDamaged = false,
): Promise<{ level: Level; isSound: boolean }> {
  let isHurt = isDamaged;
  try {
    mkdirSync(folder, { recursive: true });
    isHurt ||= isHeadless(folder);
  } catch (error) {
    throw refusalOf(folder, error);
  }
  if (isHurt) return { level: await mend(folder, log), isSound: false };
  try {
    const level = await open(folder);
    return { level, isSound: !hasLostRecords(folder, log) };
  } catch (error) {
    if (!isCorruption(error)) throw refusalOf(folder, error);
    log("error", "the queues on disk are damaged", { folder, reason: reasonOf(error) });
    return { level: await mend(folder, log), isSound: false };
  }
}

async function open(folder: string): Promise<Level> {
  const level: Level = new ClassicLevel(folder, {
    keyEncoding: "buffer",
    valueEncoding: "buffer",
    // Bodies come compressed: to try it once more takes CPU for nothing.
    compression: false,
    writeBufferSize: writeBufferBytes,
    cacheSize: cacheBytes,
    maxOpenFiles: openFilesMax,
  });
  await level.open();
  return level;
}

/** LevelDB would begin anew where the file that names all others is gone, and delete these. */
function isHeadless(folder: string): boolean {
  const current = join(folder, "CURRENT");
  if (existsSync(current)) return !existsSync(join(folder, readFileSync(current, "utf8").trim()));
  return readdirSync(folder).some((name) => /^\d+\.(ldb|log|sst)$/.test(name));
}

/** Makes the best of all files that can be read. LevelDB puts the others into a folder `lost` beside them. */
async function mend(folder: string, log: Log): Promise<Level> {
  try {
    await ClassicLevel.repair(folder);
    const level = await open(folder);
    log("warn", "the queues on disk were mended", { folder, unreadable: join(folder, "lost") });
    return level;
  } catch (error) {
    throw refusalOf(folder, error);
  }
}

/** LevelDB goes on where its journal has a hole, and only writes it down. */
function hasLostRecords(folder: string, log: Log): boolean {
  const protocol = join(folder, "LOG");
  const lines = existsSync(protocol) ? readFileSync(protocol, "utf8").split("\n") : [];
  const dropped = lines.flatMap((line) => {
    const at = line.indexOf("dropping ");
    return at < 0 ? [] : [Number.parseInt(line.slice(at + "dropping ".length), 10) || 0];
  });
  if (dropped.length === 0 && !lines.some((line) => line.includes("Ignoring error"))) return false;
  const bytes = dropped.reduce((sum, each) => sum + each, 0);
  log("error", "part of the journal of the queues cannot be read: messages in it are lost", {
    folder,
    bytes,
  });
  return true;
}

/** LevelDB writes down what it does for as long as it is open. Of that, only how it began is read. */
export function shortenProtocol(folder: string): void {
  const protocol = join(folder, "LOG");
  if (statSync(protocol).size > protocolBytesMax) truncateSync(protocol);
}

function refusalOf(folder: string, error: unknown): Error {
  if (codeOf(error) === "LEVEL_LOCKED") {
    return new Error(`Another process has the queues in ${folder}.`, { cause: error });
  }
  return new Error(`The queues in ${folder} cannot be opened: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** Whether the disk says something else than what was written to it. */
export const isCorruption = (error: unknown): boolean => codeOf(error) === "LEVEL_CORRUPTION";

function codeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return cause === undefined ? code : codeOf(cause);
}

/** The innermost words: the library's own say only that something failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
