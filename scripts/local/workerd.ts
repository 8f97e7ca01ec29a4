import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { assetModules } from "./assets/assets-config";
import { forEachLine } from "./lines";
import { hasObjects, objectsSocket } from "./objects-config";
import { projectRoot, requireOfProject } from "./places";
import { type Running, runningChild } from "./supervisor";
import { type WorkerdProcess, workerdConfig } from "./workerd-config";

const readyTimeoutMs = 30_000;

/** The program; the package has no types. */
const workerd: string = requireOfProject("workerd").default;

/**
 * Starts `workerd serve`; resolves when it listens. `settings` are the values of the text bindings. Rejects with what
 * it printed when it ends before.
 */
export async function startWorkerd(
  name: string,
  process_: WorkerdProcess,
  settings: Record<string, string>,
  log: (line: string) => void,
  begun: (pid: number) => void = () => undefined,
): Promise<Running> {
  const folder = dirname(process_.bundle);
  for (const module of ownModules) {
    const text = readFileSync(join(projectRoot, "scripts/local", module), "utf8");
    writeWhatChanged(join(folder, basename(module)), text);
  }
  const file = join(folder, `${name}.capnp`);
  writeWhatChanged(file, workerdConfig(process_));

  const objects = prepareObjects(process_);
  const child = spawn(
    workerd,
    // Batches and crons reach the application by a binding that other runtimes call experimental (workerd.capnp).
    ["serve", "--experimental", "--control-fd=3", ...objects.options, file],
    {
      env: { ...timeZone, ...settings },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      ...(objects.cwd && { cwd: objects.cwd }),
    },
  );
  if (child.pid) begun(child.pid);
  const printed: string[] = [];
  const note = (line: string) => {
    if (printed.length < 50) printed.push(line);
    log(line);
  };
  const [, stdout, stderr, control] = child.stdio;
  forEachLine(stdout as NodeJS.ReadableStream, note);
  forEachLine(stderr as NodeJS.ReadableStream, note);

  const running = runningChild(child);
  const listening = new Promise<void>((resolve) => {
    forEachLine(control as NodeJS.ReadableStream, (line) => {
      // The last of its sockets.
      if (line.includes('"listen"') && line.includes('"control"')) resolve();
    });
  });
  const ended = running.ended.then((how) => {
    throw new Error(`${name} ${how}.\n${printed.join("\n")}`);
  });
  await withTimer(Promise.race([listening, ended]), readyTimeoutMs, () => {
    child.kill("SIGKILL");
    return new Error(`${name} does not listen after ${readyTimeoutMs / 1000} s.`);
  });
  ended.catch(() => undefined);
  return running;
}

/** Modules of the runtime that a configuration may name; they lie beside the bundle. */
const ownModules = ["control-worker.mjs", "objects-elsewhere.mjs", ...assetModules];

/** On a disk that is full, what has started before can start again. */
function writeWhatChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text, { mode: 0o600 });
}

/** Where a process with objects is started, and how it lets the others reach them. */
function prepareObjects({ config, objects }: WorkerdProcess): { options: string[]; cwd?: string } {
  if (!hasObjects(config)) return { options: [] };
  mkdirSync(objects.folder, { recursive: true });
  // Who can open the socket may call anything.
  chmodSync(objects.folder, 0o700);
  if (!objects.isHome) return { options: [], cwd: objects.folder };
  // One that was killed leaves its socket behind, and the next could not listen.
  rmSync(join(objects.folder, objectsSocket), { force: true });
  return { options: [`--debug-port=unix:${objectsSocket}`], cwd: objects.folder };
}

/** All clocks of the product are in UTC, whatever the machine says. */
const timeZone = { TZ: "UTC" };

async function withTimer<T>(work: Promise<T>, timeoutMs: number, fail: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail()), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
