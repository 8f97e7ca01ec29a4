import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { buildWeb, bundleOnce } from "./bundle";
import { giveBackSoon } from "./give-back";
import { type Hold, holdFolder } from "./hold";
import { databaseDirectory, stateDirectory, takeOverEarlier } from "./places";
import { type RunningPostgres, startPostgres } from "./postgres";
import type { FromPrepare, Prepared, ToPrepare } from "./prepare";
import { assertRoomToStart } from "./room";
import { type LocalRuntime, loadBridges, startRuntime } from "./runtime";
import { readLocalSettings } from "./settings";
import { type Kept, keep, runningChild } from "./supervisor";
import { assertNoFormerSetting } from "./take-over";
import { welcome } from "./welcome";

/** `npm start`: the whole of Brinkwatch on this machine, from an empty folder to a printed DSN. */

const stopGraceMs = 10_000;

const settings = settingsOrEnd();
let hold: Hold | undefined;
let postgres: Kept | undefined;
let runtime: LocalRuntime | undefined;
let isStopping = false;

function settingsOrEnd() {
  try {
    return readLocalSettings(process.env);
  } catch (error) {
    console.error(`Brinkwatch could not start. ${(error as Error).message}`);
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const began = Date.now();
  assertNoFormerSetting(process.env);
  const taken = takeOverEarlier();
  if (taken) console.log(taken);
  assertRoomToStart(stateDirectory);
  if (!settings.databaseUrl) assertRoomToStart(databaseDirectory());
  hold = await holdFolder(stateDirectory, settings.publicUrl);
  const held = hold;
  stopWithParent();
  await assertPortIsFree();

  const bundling = Promise.all([bundleOnce(join(stateDirectory, "bundle")), buildWeb()]);
  bundling.catch(() => undefined);
  const prepare = loadPreparation();
  const loaded = loadBridges();
  const embedded = settings.databaseUrl ? undefined : await startEmbedded(held);
  const databaseUrl = settings.databaseUrl ?? embedded?.url ?? "";
  const prepared = await prepare(databaseUrl);
  await embedded?.onDisk;
  held.set({ databaseUrl });
  runtime = await startRuntime({
    settings,
    databaseUrl,
    loaded,
    bundle: (await bundling)[0],
    folder: stateDirectory,
    secret: randomBytes(16).toString("hex"),
    log: printLog,
    note: held.note,
  });
  held.set({ status: runtime.status });
  const database = postgres?.pid();
  if (database) runtime.watch("database", database, "SIGINT");
  console.log(welcome(settings.publicUrl, prepared, Date.now() - began));
  giveBackSoon();
}

/** A crashed database comes back: events that were accepted meanwhile wait in the queue for it. */
async function startEmbedded(held: Hold): Promise<RunningPostgres> {
  const server = await startPostgres(databaseDirectory(), { say: printLine });
  let isFirst = true;
  postgres = await keep(
    "The database",
    async () => {
      if (!isFirst) await server.start();
      isFirst = false;
      return { pid: server.pid, ended: server.ended(), stop: () => server.stop() };
    },
    printLine,
    (pid) => {
      held.note("database", pid, "SIGINT");
      runtime?.watch("database", pid, "SIGINT");
    },
  );
  process.once("exit", () => server.stopNow());
  return server;
}

/** Begins to load what prepares the database; the returned function lets it. */
function loadPreparation(): (databaseUrl: string) => Promise<Prepared | undefined> {
  // Compiled beside the launcher.
  const child = fork(join(import.meta.dirname, "prepare.mjs"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = runningChild(child).ended;
  const answered = new Promise<Prepared | undefined>((resolve, reject) => {
    child.once("message", (message: FromPrepare) => {
      if ("failed" in message) reject(new Error(message.failed));
      else resolve(message.prepared ?? undefined);
    });
    void ended.then((how) => reject(new Error(`The preparation of the database ${how}.`)));
  });
  answered.catch(() => undefined);
  return (databaseUrl) => {
    child.send({ databaseUrl, publicUrl: settings.publicUrl } satisfies ToPrepare);
    return answered;
  };
}

function printLine(line: string): void {
  if (!isStopping) console.error(line);
}

function printLog(line: string): void {
  if (!line.startsWith('{"level":"info"')) printLine(line);
}

function assertPortIsFree(): Promise<void> {
  const { port, host } = settings;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is taken; choose another with PORT=8001 npm start.`)
          : new Error(`Port ${port} cannot be used: ${error.message}`),
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** npm does not pass signals on: when the parent changes, it is gone. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 500).unref();
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  process.on("SIGHUP", () => void stop(0));
}

async function stop(code: number): Promise<never> {
  if (!isStopping) {
    isStopping = true;
    await runtime?.stop(stopGraceMs).catch(() => undefined);
    await postgres?.stop(stopGraceMs).catch(() => undefined);
    hold?.release();
  }
  process.exit(code);
}

try {
  await start();
} catch (error) {
  console.error(`Brinkwatch could not start. ${(error as Error).message}`);
  await stop(1);
}
