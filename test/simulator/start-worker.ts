import { dirname } from "node:path";
import {
  Log,
  LogLevel,
  Miniflare,
  type MiniflareOptions,
  type WorkerOptions as MiniflareWorkerOptions,
} from "miniflare";
import { forEachLine } from "../../scripts/local/lines";
import { modulesOf } from "../../scripts/local/modules";
import { readWranglerConfig, type WranglerConfig } from "../../scripts/local/wrangler-config";
import { runtimeOptions, storageOptions } from "./runtime-options";

export type WorkerOptions = {
  bundle: string;
  bindings: Record<string, string>;
  /** wrangler.toml of this project when missing, but for the files of the web UI. */
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
  const config = options.config ?? withoutFiles(readWranglerConfig());
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

/**
 * The simulator looks for a file before every request of a worker that has some, for half of what a small request costs.
 * The web UI is tested where it runs, on the local server.
 */
const withoutFiles = ({ assets: _, ...config }: WranglerConfig): WranglerConfig => config;

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
