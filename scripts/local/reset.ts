import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { readHolder } from "./hold";
import { databaseDirectory, stateDirectory } from "./places";
import { isRunning } from "./processes";

/** `npm run reset`: forgets everything that `npm start` keeps. */
const holder = readHolder(stateDirectory);
if (holder && isRunning(holder)) {
  console.error("Brinkwatch is running; stop it first (Ctrl-C).");
  process.exit(1);
}
const outside = dirname(databaseDirectory());
if (outside !== stateDirectory) rmSync(outside, { recursive: true, force: true });
rmSync(stateDirectory, { recursive: true, force: true });
console.log("Everything is forgotten. `npm start` begins anew.");
