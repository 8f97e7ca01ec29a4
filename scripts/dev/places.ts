import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Everything `npm start` keeps; inside the project it is ignored by git. */
export const stateDirectory = process.env.FAULTLINE_HOME
  ? resolve(process.env.FAULTLINE_HOME)
  : join(projectRoot, ".faultline");

/** True when any user of the machine can walk down to the path: PostgreSQL runs as an unprivileged user. */
export function isReachableByOthers(path: string): boolean {
  for (let current = path; ; current = dirname(current)) {
    if (existsSync(current) && (statSync(current).mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

/** Where the embedded database keeps its files: inside the project when its user can get there. */
export function databaseDirectory(): string {
  mkdirSync(stateDirectory, { recursive: true });
  if (process.getuid?.() !== 0 || isReachableByOthers(stateDirectory)) {
    return join(stateDirectory, "postgres");
  }
  const name = `faultline-${createHash("sha256").update(stateDirectory).digest("hex").slice(0, 12)}`;
  for (const base of ["/var/lib", tmpdir()]) {
    try {
      accessSync(base, constants.W_OK);
      return join(base, name, "postgres");
    } catch {
      // The next place is tried.
    }
  }
  throw new Error("There is no folder for the database that its user could enter.");
}
