import { copyFileSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { importExport } from "./archive/import-export";
import { openHome, runCommand } from "./archive/open-home";
import { stateDirectory } from "./local/places";

/**
 * `npm run import -- FOLDER`: an export into the empty database and the bucket of this machine, or of the edge
 * (DATABASE_URL and S3_*); run again after an interruption, it goes on.
 */

/** What `npm start` makes when it is missing. */
const secrets = ["auth-secret", "credentials.json"];

await runCommand(async () => {
  const [given] = process.argv.slice(2);
  if (!given) throw new Error("npm run import -- FOLDER");
  const folder = resolve(given);
  const home = await openHome("npm run import", true);
  try {
    console.log(`Importing into ${home.words}.`);
    await importExport(folder, home, console.log);
    const there = secrets.filter((name) => existsSync(join(folder, "files", name)));
    if (home.isEdge) {
      if (there.includes("auth-secret")) {
        console.log(
          `Sessions and second factors need the same AUTH_SECRET: npx wrangler secret put AUTH_SECRET < ${join(folder, "files/auth-secret")}`,
        );
      }
      return;
    }
    for (const name of there) {
      const to = join(stateDirectory, name);
      if (!existsSync(to)) copyFileSync(join(folder, "files", name), to);
    }
    if (!there.includes("auth-secret")) {
      console.log("Start with the same AUTH_SECRET: sessions and second factors need it.");
    }
  } finally {
    await home.close();
  }
});
