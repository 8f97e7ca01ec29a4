import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  Log,
  LogLevel,
  Miniflare,
  type MiniflareOptions,
  type WorkerOptions as MiniflareWorkerOptions,
} from "miniflare";
import { projectRoot } from "./places";
import { runtimeOptions, storageOptions } from "./runtime-options";
import { readWranglerConfig, type WranglerConfig } from "./wrangler-config";

/**
 * Makes the deployable bundle with wrangler, exactly as a deployment would. Returns its path. Tests name modules to put
 * another in the place of.
 */
export async function bundleWorker(
  outDirectory: string,
  replaced: Record<string, string> = {},
): Promise<string> {
  const wrangler = join(projectRoot, "node_modules/wrangler/bin/wrangler.js");
  // The same bundle either way, but only the second command heeds `--alias`.
  const command = Object.keys(replaced).length === 0 ? ["deploy"] : ["versions", "upload"];
  const running = promisify(execFile)(
    process.execPath,
    [
      wrangler,
      ...command,
      "--dry-run",
      "--outdir",
      outDirectory,
      ...Object.entries(replaced).flatMap(([name, path]) => ["--alias", `${name}:${path}`]),
    ],
    {
      cwd: projectRoot,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    },
  );
  // Whoever gives up meanwhile leaves nothing behind that goes on writing.
  const end = () => void running.child.kill();
  process.once("exit", end);
  try {
    await running;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The worker could not be bundled:\n${stdout ?? ""}${stderr ?? error}`);
  } finally {
    process.off("exit", end);
  }
  const bundle = join(outDirectory, "worker.js");
  const map = Object.keys(replaced).length > 0 ? readFileSync(`${bundle}.map`, "utf8") : "";
  const missing = Object.values(replaced).filter((path) => !map.includes(`/${basename(path)}"`));
  if (missing.length > 0) throw new Error(`The bundle is without ${missing.join(" and ")}.`);
  return bundle;
}

export type WorkerOptions = {
  bundle: string;
  bindings: Record<string, string>;
  /** wrangler.toml of this project when missing. */
  config?: WranglerConfig;
  port?: number;
  /** Folder for what is stored; in memory when missing. */
  persist?: string;
  batchTimeoutSeconds?: number;
  /** Workers that wrangler.toml binds as services. */
  beside?: MiniflareWorkerOptions[];
  /** Gets every line the worker prints. */
  log?: (line: string) => void;
  /** Last word on the options; tests put broken parts in. */
  adjust?: (options: SingleWorkerOptions) => MiniflareOptions;
};

export type SingleWorkerOptions = Extract<MiniflareOptions, { modules?: unknown }>;

/** Runs the bundle in workerd with the queues, buckets, objects, assets and flags that wrangler.toml names. */
export async function startWorker(options: WorkerOptions): Promise<Miniflare> {
  const config = options.config ?? readWranglerConfig();
  const { bindings, ...runtime } = runtimeOptions(config, options.batchTimeoutSeconds);
  const beside = options.beside ?? [];
  assertServices(config, beside);
  const single = {
    ...runtime,
    modulesRoot: dirname(options.bundle),
    modules: modulesOf(options.bundle, config.rules),
    bindings: { ...bindings, ...options.bindings },
    ...storageOptions(options.persist),
    host: "127.0.0.1",
    port: options.port ?? 0,
    // The simulator would invent a place in Texas for every client.
    cf: {},
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream) => {
      forEachLine(stdout, options.log);
      forEachLine(stderr, options.log);
    },
  } as SingleWorkerOptions;
  const adjusted = options.adjust?.(single) ?? single;
  const miniflare = new Miniflare(beside.length > 0 ? putBeside(adjusted, ...beside) : adjusted);
  await miniflare.ready;
  return miniflare;
}

/** What all workers of one runtime share. */
const shared = new Set([
  "host",
  "port",
  "cf",
  "log",
  "handleRuntimeStdio",
  "r2Persist",
  "durableObjectsPersist",
]);

/** The same runtime with further workers in it. */
export function putBeside(
  options: MiniflareOptions,
  ...beside: MiniflareWorkerOptions[]
): MiniflareOptions {
  if ("workers" in options) {
    return { ...options, workers: [...options.workers, ...beside] } as MiniflareOptions;
  }
  const [ofAll, ofWorker] = [true, false].map((isShared) =>
    Object.fromEntries(Object.entries(options).filter(([key]) => shared.has(key) === isShared)),
  );
  return { ...ofAll, workers: [ofWorker, ...beside] } as MiniflareOptions;
}

/** The simulator's own words for a worker that is not there name no setting. */
function assertServices(
  { name, services }: WranglerConfig,
  beside: MiniflareWorkerOptions[],
): void {
  const there = new Set([name, ...beside.map((worker) => worker.name)]);
  const missing = services.filter(({ service }) => !there.has(service));
  if (missing.length === 0) return;
  const words = missing.map(({ binding, service }) => `${binding} needs the worker ${service}`);
  throw new Error(`wrangler.toml: ${words.join("; ")}, which does not run beside this one.`);
}

/** All that the bundle is made of. The simulator would read it from end to end to find the same. */
function modulesOf(bundle: string, rules: WranglerConfig["rules"]) {
  const folder = dirname(bundle);
  const names = readdirSync(folder);
  // Bundling puts a hash before the name of a file that is carried along.
  const carried = rules.flatMap(({ type, globs }) =>
    globs
      .map((glob) => glob.replace("**/", "-"))
      .flatMap((ending) => names.filter((name) => name.endsWith(ending)))
      .map((name) => ({ type, path: join(folder, name) })),
  );
  return [{ type: "ESModule" as const, path: bundle }, ...carried];
}

function forEachLine(stream: NodeJS.ReadableStream, print?: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) print?.(line);
  });
}
