import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { formerDirectory, takeOver } from "./take-over";

/** What is compiled into the data folder learns it from what compiles it (build-launcher.mjs). */
export const projectRoot =
  process.env.BRINKWATCH_PROJECT ?? resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Finds packages where npm put them, from wherever this code lies. */
export const requireOfProject = createRequire(join(projectRoot, "package.json"));

/** Everything `npm start` keeps; inside the project it is ignored by git. */
export const stateDirectory = process.env.BRINKWATCH_HOME
  ? resolve(process.env.BRINKWATCH_HOME)
  : join(projectRoot, ".brinkwatch");

/** Where the bucket keeps its objects when they are files. */
export const objectsFolder = join(stateDirectory, "objects");

/** Where Durable Objects keep their databases. */
export const durableObjectsName = "durable-objects";

/** True when any user of the machine can walk down to the path: PostgreSQL runs as an unprivileged user. */
export function isReachableByOthers(path: string): boolean {
  for (let current = path; ; current = dirname(current)) {
    if (existsSync(current) && (statSync(current).mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

/** Where databases go that cannot be inside, and what they are called there. */
const outside = ["/var/lib", tmpdir()];
const outsideName = (product: string, home: string) =>
  `${product}-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;

/** Once, before anything is read: takes over what is left of a start under the former name. */
export const takeOverEarlier = (): string | undefined =>
  takeOver(stateDirectory, formerDirectory(projectRoot), outside, outsideName);

/** Where the embedded database keeps its files: inside the project when its user can get there. */
export function databaseDirectory(): string {
  mkdirSync(stateDirectory, { recursive: true });
  if (process.getuid?.() !== 0 || isReachableByOthers(stateDirectory)) {
    return join(stateDirectory, "postgres");
  }
  for (const base of outside) {
    try {
      accessSync(base, constants.W_OK);
      return join(base, outsideName("brinkwatch", stateDirectory), "postgres");
    } catch {
      // The next place is tried.
    }
  }
  throw new Error("There is no folder for the database that its user could enter.");
}
