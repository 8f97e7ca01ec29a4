import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { holdFolder } from "../../scripts/local/hold";

/** A process that takes a data folder as soon as a file is there, and keeps it until it is ended. */

const say = (line: string) => process.stdout.write(`${line}\n`);
const [folder = "", signal = ""] = process.argv.slice(2);
say("waits");
while (!existsSync(signal)) await wait(1);
try {
  await holdFolder(folder, `http://localhost/${process.pid}`);
  say("holds");
} catch (error) {
  say(`refused: ${(error as Error).message}`);
}
setInterval(() => undefined, 1000);
