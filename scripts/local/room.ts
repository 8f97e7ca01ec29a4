import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

/** A start compiles and bundles, and a database that was killed writes while it recovers. */
const startBytesMin = 64 * 1024 * 1024;

/** Throws, before anything is changed, when a start would fail half-way. */
export function assertRoomToStart(folder: string, freeBytes = diskOf(folder).freeBytes): void {
  if (freeBytes >= startBytesMin) return;
  const [free, needed] = [freeBytes, startBytesMin].map((bytes) => Math.floor(bytes / 1024 ** 2));
  throw new Error(
    `The disk of ${folder} is full: ${free} MB are free, and a start needs ${needed} MB. Nothing was changed or lost; make room and start again.`,
  );
}

/** Of the disk of a folder that may not be there yet. */
export function diskOf(folder: string): { freeBytes: number; totalBytes: number } {
  if (!existsSync(folder)) return diskOf(dirname(folder));
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
