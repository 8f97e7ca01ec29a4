import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** Bundling puts a hash before the name of a file that is carried along. */
const renamed = (glob: string) => glob.replace("**/", "**/*-");

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
  try {
    await promisify(execFile)(
      process.execPath,
      [
        wrangler,
        ...["deploy", "--dry-run", "--outdir", outDirectory],
        ...Object.entries(replaced).flatMap(([name, path]) => ["--alias", `${name}:${path}`]),
      ],
      {
        cwd: projectRoot,
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
      },
    );
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The worker could not be bundled:\n${stdout ?? ""}${stderr ?? error}`);
  }
  return join(outDirectory, "worker.js");
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
    name: "faultline",
    modules: true,
    scriptPath: options.bundle,
    modulesRoot: dirname(options.bundle),
    modulesRules: (config.rules ?? []).map(({ type, globs }) => ({
      type,
      include: globs.map(renamed),
    })),
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

function forEachLine(stream: NodeJS.ReadableStream, print?: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) print?.(line);
  });
}
