import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";
import { parse } from "smol-toml";
import { projectRoot } from "./places";

type WranglerToml = {
  compatibility_date: string;
  compatibility_flags: string[];
  vars?: Record<string, string>;
  limits: { cpu_ms: number };
  observability: { head_sampling_rate: number };
  triggers: { crons: string[] };
  queues: {
    producers: { queue: string; binding: string }[];
    consumers: {
      queue: string;
      max_batch_size: number;
      max_batch_timeout: number;
      max_retries: number;
      /** The local queues have one consumer anyway. */
      max_concurrency: number;
      dead_letter_queue?: string;
    }[];
  };
  r2_buckets: { binding: string; bucket_name: string }[];
  rules?: { type: "Text"; globs: string[] }[];
};

export function readWranglerToml(): WranglerToml {
  return parse(readFileSync(join(projectRoot, "wrangler.toml"), "utf8")) as unknown as WranglerToml;
}

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
  port?: number;
  /** Folder for R2; in memory when missing. */
  persist?: string;
  batchTimeoutSeconds?: number;
  /** Gets every line the worker prints. */
  log?: (line: string) => void;
  /** Last word on the options; tests put broken parts in. */
  adjust?: (options: SingleWorkerOptions) => MiniflareOptions;
};

export type SingleWorkerOptions = Extract<MiniflareOptions, { modules?: unknown }>;

/** Runs the bundle in workerd with the queues, buckets and flags that wrangler.toml names. */
export async function startWorker(options: WorkerOptions): Promise<Miniflare> {
  const config = readWranglerToml();
  const single = {
    name: "brinkwatch",
    modulesRoot: dirname(options.bundle),
    modules: modulesOf(options.bundle, config.rules),
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    bindings: { ...config.vars, ...options.bindings },
    queueProducers: Object.fromEntries(
      config.queues.producers.map(({ queue, binding }) => [binding, { queueName: queue }]),
    ),
    queueConsumers: Object.fromEntries(
      config.queues.consumers.map((consumer) => [
        consumer.queue,
        {
          maxBatchSize: consumer.max_batch_size,
          maxBatchTimeout: options.batchTimeoutSeconds ?? consumer.max_batch_timeout,
          maxRetries: consumer.max_retries,
          ...(consumer.dead_letter_queue && { deadLetterQueue: consumer.dead_letter_queue }),
        },
      ]),
    ),
    r2Buckets: Object.fromEntries(
      config.r2_buckets.map(({ binding, bucket_name }) => [binding, bucket_name]),
    ),
    r2Persist: options.persist ? join(options.persist, "r2") : false,
    host: "127.0.0.1",
    port: options.port ?? 0,
    // The simulator would invent a place in Texas for every client.
    cf: {},
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream) => {
      forEachLine(stdout, options.log);
      forEachLine(stderr, options.log);
    },
  } satisfies MiniflareOptions;
  const miniflare = new Miniflare(options.adjust?.(single) ?? single);
  await miniflare.ready;
  return miniflare;
}

/** All that the bundle is made of. The simulator would read it from end to end to find the same. */
function modulesOf(bundle: string, rules: WranglerToml["rules"] = []) {
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
