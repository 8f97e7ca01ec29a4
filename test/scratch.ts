import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const roomBytesMin = 2 ** 31;

/**
 * A new folder for databases and logs, in memory where there is room: hundreds of files come and go in each test run. It is
 * named after the process, so that a later run knows when nobody needs it.
 */
export function makeScratch(purpose: string): string {
  const name = `brinkwatch-${purpose}-${process.pid}-`;
  const folder = mkdtempSync(join(isRoomy(memory) ? memory : tmpdir(), name));
  // A database runs as another user when the tests run as root.
  chmodSync(folder, 0o711);
  return folder;
}

/** Folders of runs that were killed before they could remove them: each may hold a hundred megabytes of memory. */
export function removeAbandoned(): void {
  for (const place of [memory, tmpdir()]) {
    for (const name of namesIn(place)) {
      const [, pid] = /^brinkwatch-[a-z-]{1,40}-(\d{1,10})-[^-]{6}$/.exec(name) ?? [];
      if (pid && !isAlive(Number(pid))) rmSync(join(place, name), { recursive: true, force: true });
    }
  }
}

function namesIn(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isRoomy(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= roomBytesMin;
  } catch {
    return false;
  }
}
