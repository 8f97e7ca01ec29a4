import { fillDemo } from "./demo/fill";
import { sendRecorded } from "./demo/recorded";
import { readCredentials } from "./local/credentials";
import { readHolder } from "./local/hold";
import { stateDirectory } from "./local/places";

/**
 * `npm run demo` fills the local server with two weeks of a shop's life. `npm run demo -- --recorded` sends it what real
 * SDKs sent instead, and with `--dsn DSN` to any installation.
 */
const flag = process.argv.indexOf("--dsn");
const dsn = flag > 0 ? process.argv[flag + 1] : undefined;
const seed = readCredentials();

try {
  if (dsn || process.argv.includes("--recorded")) await sendRecorded(dsn ?? seed?.dsn);
  else {
    const holder = readHolder(stateDirectory);
    if (!holder?.status || !seed) throw new Error("Start Brinkwatch with `npm start` first.");
    const { events, issues } = await fillDemo(holder, seed, console.log);
    console.log(
      `${events} events of ${issues} issues are there: ${holder.publicUrl}/${seed.org}/issues`,
    );
  }
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
