import { statfsSync } from "node:fs";

export type DiskStatus = { freeBytes: number; totalBytes: number; refuses: boolean };

const lookEveryMs = 1000;

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
