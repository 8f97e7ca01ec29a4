import { chmodSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const roomBytesMin = 2 ** 31;

/** A new folder for databases and logs, in memory where there is room: hundreds of files come and go in each test run. */
export function makeScratch(purpose: string): string {
  const folder = mkdtempSync(join(isRoomy(memory) ? memory : tmpdir(), `brinkwatch-${purpose}-`));
  // A database runs as another user when the tests run as root.
  chmodSync(folder, 0o711);
  return folder;
}

function isRoomy(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= roomBytesMin;
  } catch {
    return false;
  }
}
