import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { databaseDirectory, stateDirectory } from "./places";

/** `npm run reset`: forgets everything that `npm start` keeps. */
const lock = join(databaseDirectory(), "postmaster.pid");
if (existsSync(lock)) {
  const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
  try {
    process.kill(pid, 0);
    console.error("Brinkwatch is running; stop it first (Ctrl-C).");
    process.exit(1);
  } catch {
    // A leftover of a killed run: nobody holds the folder.
  }
}
const outside = dirname(databaseDirectory());
if (outside !== stateDirectory) rmSync(outside, { recursive: true, force: true });
rmSync(stateDirectory, { recursive: true, force: true });
console.log("Everything is forgotten. `npm start` begins anew.");
