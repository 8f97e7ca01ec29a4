import { join, resolve } from "node:path";
import { openHome, runCommand } from "./archive/open-home";
import { megabytes, writeBackup } from "./archive/write-backup";
import { stateDirectory } from "./local/places";
import { backupFolder } from "./local/upgrade";

/** `npm run backup [-- FILE]`: database, objects and secrets in one file, while the server runs or not. */

const stamp = new Date().toISOString().replace(/[:.]/g, "-");
const [given] = process.argv.slice(2);
const file = given ? resolve(given) : join(backupFolder(stateDirectory), `${stamp}.tar.gz`);

await runCommand(async () => {
  const began = performance.now();
  const home = await openHome("npm run backup", false);
  try {
    console.log(`Backing up ${home.words}.`);
    if (home.waiting) {
      console.log(
        `${home.waiting} messages wait in the queues and are not in this backup: what they bring is in the next one. Stop the server first to have them in it.`,
      );
    }
    const { bytes, rows, objects } = await writeBackup(home, file, console.log);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      `${rows} rows and ${objects} objects are in ${file} (${megabytes(bytes)}) after ${seconds} s.`,
    );
    if (!home.files["auth-secret"]) {
      console.log(
        "AUTH_SECRET is not in it: keep it yourself, sessions and second factors need it.",
      );
    }
  } finally {
    await home.close();
  }
});
