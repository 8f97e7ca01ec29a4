import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Owner } from "./postgres";

/** Who may connect: with the password, from this machine. */
const rules = `# Made by Brinkwatch. The password is in the file brinkwatch-password beside this one.
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
`;

/**
 * Lets nobody connect without the random password of the data folder, and answers with it. Done while no server runs,
 * so that there is no moment at which one asks for nothing; a folder of a version that asked for nothing is taken over.
 */
export function demandPassword(
  dataDirectory: string,
  owner: Owner | undefined,
  binaries: string,
): string {
  const kept = join(dataDirectory, "brinkwatch-password");
  const access = join(dataDirectory, "pg_hba.conf");
  if (existsSync(kept) && readFileSync(access, "utf8") === rules) return readFileSync(kept, "utf8");
  const password = randomBytes(32).toString("hex");
  setPassword(dataDirectory, owner, binaries, password);
  replaceFile(kept, password, undefined);
  // Last: until then the next start does all of it again.
  replaceFile(access, rules, owner);
  return password;
}

/** In a session without a server. What is random needs no stretching, which each connection would pay for. */
function setPassword(
  dataDirectory: string,
  owner: Owner | undefined,
  binaries: string,
  password: string,
): void {
  const done = spawnSync(
    join(binaries, "bin/postgres"),
    ["--single", "-D", dataDirectory, "-c", "scram_iterations=1", "postgres"],
    {
      ...owner,
      cwd: "/",
      env: { LC_ALL: "C.UTF-8" },
      encoding: "utf8",
      input: `alter role postgres password '${password}'\n`,
    },
  );
  // A statement that fails does not change the exit code.
  if (done.status !== 0 || done.stderr.includes("ERROR:")) {
    const reason = (done.stderr || String(done.error)).replaceAll(password, "…");
    throw new Error(`The password of the database in ${dataDirectory} could not be set: ${reason}`);
  }
}

/** Whole or not at all, and for its owner's eyes from the first byte on. */
function replaceFile(path: string, text: string, owner: Owner | undefined): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  if (owner) chownSync(fresh, owner.uid, owner.gid);
  renameSync(fresh, path);
}
