import { createHash } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beganOf, isRunning } from "./processes";

/** What is known of who runs in a data folder. */
export type Holder = {
  pid: number;
  /** When the process began: a number that is used again is another process. */
  began: string;
  publicUrl: string;
  /** Where the database is: the embedded one has another port each time. */
  databaseUrl?: string;
  /** Where the queues are asked how much waits in them. */
  status?: { url: string; secret: string };
  parts: { name: string; pid: number; began: string; signal: NodeJS.Signals }[];
};

export type Hold = {
  /** Notes a process that a later start must find when this one is killed. */
  note(name: string, pid: number, signal?: NodeJS.Signals): void;
  set(fields: Pick<Holder, "databaseUrl" | "status">): void;
  release(): void;
};

const fileOf = (folder: string) => join(folder, "running.json");
const ownerOnly = { mode: 0o600 };

/**
 * Takes the data folder for this process. Throws when another start is running there; ends what one left behind that
 * was killed.
 */
export async function holdFolder(folder: string, publicUrl: string): Promise<Hold> {
  const file = fileOf(folder);
  const own: Holder = {
    pid: process.pid,
    began: beganOf(process.pid) ?? "",
    publicUrl,
    parts: [],
  };
  const fresh = `${file}.${process.pid}`;
  const write = (path: string) => writeFileSync(path, JSON.stringify(own), ownerOnly);
  write(fresh);
  try {
    const began = performance.now();
    // A link is made or it is there already: no two starts get it.
    while (!isLinked(fresh, file)) {
      if (performance.now() - began > holdTimeoutMs) throw new Error(`${file} cannot be had.`);
      await removeStale(folder, file, fresh);
    }
  } finally {
    rmSync(fresh, { force: true });
  }
  const save = () => {
    write(fresh);
    renameSync(fresh, file);
  };
  return {
    note: (name, pid, signal = "SIGTERM") => {
      own.parts = [
        ...own.parts.filter((part) => part.name !== name),
        { name, pid, began: beganOf(pid) ?? "", signal },
      ];
      save();
    },
    set: (fields) => {
      Object.assign(own, fields);
      save();
    },
    release: () => rmSync(file, { force: true }),
  };
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Throws when who holds the folder runs; otherwise ends what is left of it, and removes its file. */
async function removeStale(folder: string, file: string, fresh: string): Promise<void> {
  const left = readText(file);
  if (left === undefined) return;
  const holder = parseHolder(left);
  if (holder && isRunning(holder)) {
    throw new Error(
      `Brinkwatch runs already in ${folder} (process ${holder.pid}, ${holder.publicUrl}). Stop it first, or set BRINKWATCH_HOME to another folder.`,
    );
  }
  // One start alone may remove this file: a second would remove that of the first, and both would run.
  const claim = `${file}.${createHash("sha256").update(left).digest("hex").slice(0, 16)}`;
  if (!isLinked(fresh, claim)) {
    const claimer = parseHolder(readText(claim) ?? "");
    if (claimer && !isRunning(claimer)) rmSync(claim, { force: true });
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    return;
  }
  try {
    for (const part of holder?.parts ?? []) await end(part);
    if (readText(file) === left) rmSync(file, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Who holds the folder, running or not; undefined when nobody does. */
export function readHolder(folder: string): Holder | undefined {
  return parseHolder(readText(fileOf(folder)) ?? "");
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { parts = [], ...rest } = JSON.parse(text);
    return { ...rest, parts };
  } catch {
    return undefined;
  }
}

/** A database that is writing its last pages is not killed for taking its time. */
const patienceMs = 30_000;
const endTimeoutMs = 40_000;
/** Longer than another start may take to end what was left. */
const holdTimeoutMs = 90_000;
const lookAgainMs = 50;

async function end(part: Holder["parts"][number]): Promise<void> {
  const began = performance.now();
  let sent: NodeJS.Signals | undefined;
  while (isRunning(part)) {
    const waitedMs = performance.now() - began;
    if (waitedMs > endTimeoutMs) {
      throw new Error(`${part.name} of an earlier start (process ${part.pid}) does not end.`);
    }
    const signal = waitedMs > patienceMs ? "SIGKILL" : part.signal;
    if (signal !== sent) process.kill(part.pid, signal);
    sent = signal;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
