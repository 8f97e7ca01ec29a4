import { resolve } from "node:path";
import { openHome, runCommand } from "./archive/open-home";
import { writeExport } from "./archive/write-export";

/** `npm run export -- FOLDER`: everything into a folder; run again after an interruption, it goes on. */

await runCommand(async () => {
  const [given] = process.argv.slice(2);
  if (!given) throw new Error("npm run export -- FOLDER");
  const folder = resolve(given);
  const home = await openHome("npm run export", false);
  try {
    console.log(`Exporting ${home.words}.`);
    if (home.waiting) {
      console.log(
        `${home.waiting} messages wait in the queues and are not in this export: let them be stored first.`,
      );
    }
    await writeExport(home, folder, console.log);
    console.log(`All of it is in ${folder}: npm run import -- ${folder}`);
  } finally {
    await home.close();
  }
});
