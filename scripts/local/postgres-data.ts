import { execFile } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Owner } from "./postgres";

export type DataDirectory = {
  /** Writes what was made just now to disk, also while a server runs on it. */
  sync(): Promise<void>;
};

/**
 * Makes the data folder of the database unless it is there. It is made beside its place and then moved there, so that
 * what a killed start left half-made is never taken for a database.
 */
export async function makeDataDirectory(
  path: string,
  owner: Owner | undefined,
  binaries: string,
): Promise<DataDirectory> {
  if (existsSync(join(path, "PG_VERSION"))) return { sync: async () => undefined };
  const initdb = (...options: string[]) => runInitdb(join(binaries, "bin/initdb"), options, owner);
  const beside = dirname(path);
  mkdirSync(beside, { recursive: true });
  const unfinished = `${basename(path)}-unfinished-`;
  for (const name of readdirSync(beside)) {
    if (name.startsWith(unfinished)) rmSync(join(beside, name), { recursive: true, force: true });
  }
  // Named after this process: what a killed one began may still be writing into its own.
  const fresh = join(beside, `${unfinished}${process.pid}`);
  mkdirSync(fresh);
  if (owner) chownSync(fresh, owner.uid, owner.gid);
  chmodSync(fresh, 0o700);
  try {
    // Syncing waits for the disk, and can do so while the server starts.
    await initdb(
      "-D",
      fresh,
      "-U",
      "postgres",
      "-A",
      "trust",
      "--no-sync",
      "-E",
      "UTF8",
      "--locale=C.UTF-8",
    );
    rmSync(path, { recursive: true, force: true });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const reason = (error as { stderr?: string }).stderr || (error as Error).message;
    throw new Error(`The database folder ${path} could not be made: ${reason}`);
  }
  return { sync: async () => void (await initdb("-D", path, "--sync-only")) };
}

async function runInitdb(program: string, options: string[], owner: Owner | undefined) {
  const running = promisify(execFile)(program, options, {
    ...owner,
    cwd: "/",
    env: { LC_ALL: "C.UTF-8" },
  });
  // Whoever gives up meanwhile leaves nothing behind that goes on writing.
  const end = () => void running.child.kill();
  process.once("exit", end);
  try {
    return await running;
  } finally {
    process.off("exit", end);
  }
}
