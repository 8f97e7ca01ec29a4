import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

export type DiskStatus = { freeBytes: number; totalBytes: number; refuses: boolean };

const lookEveryMs = 1000;

/** A start compiles and bundles, and a database that was killed writes while it recovers. */
const startBytesMin = 64 * 1024 * 1024;

/** Throws, before anything is changed, when a start would fail half-way. */
export function assertRoomToStart(folder: string, freeBytes = freeBytesOf(folder)): void {
  if (freeBytes >= startBytesMin) return;
  const [free, needed] = [freeBytes, startBytesMin].map((bytes) => Math.floor(bytes / 1024 ** 2));
  throw new Error(
    `The disk of ${folder} is full: ${free} MB are free, and a start needs ${needed} MB. Nothing was changed or lost; make room and start again.`,
  );
}

/** Of a folder that may not be there yet. */
function freeBytesOf(folder: string): number {
  if (!existsSync(folder)) return freeBytesOf(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** What is left of the disk below a folder; looked up once a second at most. */
export function openRoom(folder: string, reserveBytes: number) {
  let at = Number.NEGATIVE_INFINITY;
  let known = { freeBytes: 0, totalBytes: 0 };
  const look = () => {
    const now = performance.now();
    if (now - at < lookEveryMs) return known;
    at = now;
    const { bavail, blocks, bsize } = statfsSync(folder);
    known = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    return known;
  };
  return {
    freeBytes: () => look().freeBytes,
    status: (): DiskStatus => ({ ...look(), refuses: look().freeBytes < reserveBytes }),
  };
}
