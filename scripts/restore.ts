import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openHome, runCommand } from "./archive/open-home";
import { verifyBackup } from "./archive/read-backup";
import { restoreBackup } from "./archive/restore-backup";
import { assertKnown } from "./archive/schema-version";
import { readHolder } from "./local/hold";
import { databaseDirectory, durableObjectsName, stateDirectory } from "./local/places";
import { isRunning } from "./local/processes";
import { restoreMark } from "./local/upgrade";

/** `npm run restore -- FILE [--force FOLDER]`: brings a backup into an empty data folder. */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: "string" } },
});
const mark = join(stateDirectory, restoreMark);
/** Parts of the data folder that a backup brings; the database may lie elsewhere. */
const partsOf = (hasObjects: boolean) => [
  databaseDirectory(),
  ...(hasObjects
    ? [
        "objects",
        "queues",
        "credentials.json",
        "auth-secret",
        "crons.json",
        durableObjectsName,
        "r2",
      ]
    : []
  ).map((name) => join(stateDirectory, name)),
];

await runCommand(async () => {
  const [given] = positionals;
  if (!given) throw new Error("npm run restore -- FILE [--force NAME-OF-THE-DATA-FOLDER]");
  const file = resolve(given);
  const holder = readHolder(stateDirectory);
  if (holder && isRunning(holder)) {
    throw new Error(`Brinkwatch runs in ${stateDirectory}; stop it first (Ctrl-C).`);
  }
  console.log(`Reading all of ${file} …`);
  const verified = await verifyBackup(file);
  assertKnown(verified.header.schema, file);
  mkdirSync(stateDirectory, { recursive: true });
  const parts = partsOf(verified.manifest.objects !== undefined);
  const aside = putAside(parts.filter(isThere));
  writeFileSync(mark, "");
  try {
    const home = await openHome("npm run restore", true);
    try {
      console.log(`Restoring into ${home.words}.`);
      await restoreBackup(file, verified, { ...home, folder: stateDirectory }, console.log);
    } finally {
      await home.close();
    }
  } catch (error) {
    for (const part of parts) rmSync(part, { recursive: true, force: true });
    for (const [from, to] of aside) renameSync(to, from);
    rmSync(mark, { force: true });
    throw error;
  }
  rmSync(mark);
  for (const [from, to] of aside) console.log(`What was in ${from} is in ${to} now.`);
  const { waiting } = verified.manifest;
  if (waiting) console.log(`${waiting} messages waited in the queues when it was made.`);
  console.log("`npm start` goes on with it.");
});

function isThere(path: string): boolean {
  return existsSync(path) && !isEmpty(path);
}

function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

/** Where there is something already, it is kept beside, and only when its folder was named. */
function putAside(paths: string[]): [from: string, to: string][] {
  if (paths.length === 0) return [];
  if (values.force !== basename(stateDirectory)) {
    throw new Error(
      `${stateDirectory} is not empty: nothing was changed. With --force ${basename(stateDirectory)} what is there is put aside.`,
    );
  }
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  return paths.map((from) => {
    const to = `${from}-replaced-${stamp}`;
    renameSync(from, to);
    return [from, to];
  });
}
