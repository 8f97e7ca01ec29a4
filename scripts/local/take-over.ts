import { createHash, createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What Brinkwatch was called before, and with it folders, bucket and files of an earlier `npm start`. */
const [before, now] = ["faultline", "brinkwatch"];
/** Where the simulator keeps what is in buckets. */
const index = "miniflare-R2BucketObject";

/**
 * Makes the data folder of an earlier start, called `before`, the one called `home`; also where `home` itself is of
 * an earlier start. `outside` are folders in which databases lie whose home their user cannot enter. Answers with what
 * is to be said about it. Throws when a server still runs on it.
 */
export function takeOver(
  home: string,
  earlier: string,
  outside: string[],
  outsideName: (product: string, home: string) => string,
): string | undefined {
  const from = [home, isNew(home) ? earlier : ""].find((folder) => isEarlier(folder));
  if (from === undefined) return undefined;
  assertNobodyRuns(join(from, "postgres"));
  for (const base of outside) {
    const database = join(base, outsideName(before, from));
    if (!existsSync(database)) continue;
    assertNobodyRuns(join(database, "postgres"));
    forgetPassword(join(database, "postgres"));
    renameSync(database, join(base, outsideName(now, home)));
  }
  forgetPassword(join(from, "postgres"));
  renameBucket(join(from, "r2"));
  if (from !== home) {
    if (existsSync(join(home, compiled))) renameSync(join(home, compiled), join(from, compiled));
    if (existsSync(home)) rmdirSync(home);
    renameSync(from, home);
  }
  return `The data of an earlier start, from when this was called Faultline, is now in ${home}.`;
}

/** Where a start under a name leaves traces. */
const tracesOf = (folder: string) => [
  join(folder, "postgres", `${before}-password`),
  join(folder, "r2", index, `${objectIdOf(before)}.sqlite`),
  join(folder, "r2", before),
];

/** What this start itself has put there already. */
const compiled = "run";
const isNew = (home: string) =>
  !existsSync(home) || readdirSync(home).every((name) => name === compiled);

const isEarlier = (folder: string) => folder !== "" && tracesOf(folder).some(existsSync);

export const formerDirectory = (projectRoot: string) => join(projectRoot, `.${before}`);

function assertNobodyRuns(database: string): void {
  const lock = join(database, "postmaster.pid");
  if (!existsSync(lock)) return;
  try {
    process.kill(Number(readFileSync(lock, "utf8").split("\n")[0]), 0);
  } catch {
    // What a killed start left behind.
    return;
  }
  throw new Error(`Another start still runs on ${database}; stop it first (Ctrl-C).`);
}

/** The next start makes another one. */
const forgetPassword = (database: string) =>
  rmSync(join(database, `${before}-password`), { force: true });

/** The simulator names the index of a bucket after a hash of the bucket's name, its bodies after the name. */
function renameBucket(folder: string): void {
  const [from, to] = [before, now].map((name) => join(folder, index, `${objectIdOf(name)}.sqlite`));
  for (const ending of ["", "-wal", "-shm"]) {
    if (existsSync(`${from}${ending}`)) renameSync(`${from}${ending}`, `${to}${ending}`);
  }
  if (existsSync(join(folder, before))) renameSync(join(folder, before), join(folder, now));
}

function objectIdOf(name: string): string {
  const key = createHash("sha256").update(index).digest();
  const sign = (content: string | Buffer) =>
    createHmac("sha256", key).update(content).digest().subarray(0, 16);
  const signed = sign(name);
  return Buffer.concat([signed, sign(signed)]).toString("hex");
}

/** A setting of the former name would else be ignored without a word, and its data seem lost. */
export function assertNoFormerSetting(environment: NodeJS.ProcessEnv): void {
  if (environment.FAULTLINE_HOME && !environment.BRINKWATCH_HOME) {
    throw new Error("FAULTLINE_HOME is called BRINKWATCH_HOME now; set that one.");
  }
}
