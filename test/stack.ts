import { randomBytes, randomInt } from "node:crypto";
import { appendFileSync, closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MiniflareOptions } from "miniflare";
import pg from "pg";
import { startNeonBridge } from "../scripts/local/neon-bridge";
import { startUpstashBridge } from "../scripts/local/upstash-bridge";
import { controlWorker } from "./control";
import type { SingleWorkerOptions } from "./simulator/start-worker";

/** Signs the sessions of every stack. */
export const authSecret = "a-secret-of-the-tests-0123456789-abcdef";

/** What a test needs to reach a running stack, in whichever process it runs. */
export type StackAddress = {
  url: string;
  /** Of the worker beside it, see control.ts. */
  controlUrl: string;
  databaseUrl: string;
  /** Of the bridge to its Redis. */
  redisUrl: string;
  /** Every line that the worker printed. */
  logFile: string;
};

export type LaunchOptions = {
  serverUrl: string;
  /** Copied for the database; an empty database when missing. */
  template?: string;
  neonUrl?: string;
  bundle: string;
  /** Where the log file goes. */
  logFolder: string;
  bindings?: Record<string, string>;
  /** Last word on the worker's options; tests put broken parts in. */
  adjust?: (options: SingleWorkerOptions) => MiniflareOptions;
};

export type LaunchedStack = StackAddress & {
  /** Takes the stack's Redis away. */
  closeRedis(): Promise<void>;
  dispose(): Promise<void>;
};

/** The production bundle in workerd with a database of its own. */
export async function launchStack(options: LaunchOptions): Promise<LaunchedStack> {
  const name = `brinkwatch_${randomBytes(6).toString("hex")}`;
  const { serverUrl, template } = options;
  await onServer(serverUrl, `create database ${name}${template ? ` template ${template}` : ""}`);
  const databaseUrl = withDatabase(serverUrl, name);
  if (template) await spreadIds(databaseUrl);
  const ownNeon = options.neonUrl ? undefined : await startNeonBridge(serverUrl);
  const token = randomBytes(8).toString("hex");
  const redis = await startUpstashBridge(token, process.env.REDIS_URL);
  const logFile = join(options.logFolder, `${name}.log`);
  writeFileSync(logFile, "");
  // Loading the simulator takes a while, and most test files only need the names above.
  const { startWorker } = await import("./simulator/start-worker");
  const worker = await startWorker({
    bundle: options.bundle,
    batchTimeoutSeconds: 0.05,
    log: (line) => appendFileSync(logFile, `${line}\n`),
    bindings: {
      PUBLIC_URL: "https://brinkwatch.example",
      AUTH_SECRET: authSecret,
      API_REQUESTS_PER_MINUTE: "1000000",
      // A busy machine is not an outage.
      INGEST_DEADLINE_MS: "30000",
      API_DEADLINE_MS: "60000",
      BACKGROUND_DEADLINE_MS: "60000",
      DEFAULT_KEY_LIMIT_PER_MINUTE: "0",
      DEFAULT_PROJECT_LIMIT_PER_MINUTE: "0",
      DEV_MAILBOX: "true",
      ALLOW_PRIVATE_ADDRESSES: "true",
      LOG_SAMPLE_RATE: "1",
      DATABASE_URL: databaseUrl,
      NEON_HTTP_ENDPOINT: options.neonUrl ?? ownNeon?.url ?? "",
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ...options.bindings,
    },
    beside: [controlWorker],
    ...(options.adjust && { adjust: options.adjust }),
  });
  return {
    url: (await worker.ready).href.replace(/\/$/, ""),
    controlUrl: (await worker.unsafeGetDirectURL("control")).href,
    databaseUrl,
    redisUrl: redis.url,
    logFile,
    closeRedis: redis.close,
    dispose: async () => {
      await worker.dispose();
      await redis.close();
      await ownNeon?.close();
      if (process.env.DATABASE_URL) {
        await onServer(serverUrl, `drop database if exists ${name} with (force)`);
      }
    },
  };
}

/** The lines of a log from a byte on, with the marks of `flushLog`. */
export function linesOf(logFile: string, from = 0): string[] {
  const file = openSync(logFile, "r");
  try {
    // A stack that many files share has written much before.
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    const length = readSync(file, bytes, 0, bytes.length, from);
    return bytes.toString("utf8", 0, length).split("\n").filter(Boolean);
  } finally {
    closeSync(file);
  }
}

/** Ids that no other database of the run has: a mix-up between tenants or tests cannot go unnoticed. */
async function spreadIds(databaseUrl: string): Promise<void> {
  const tables = ["organizations", "projects", "issues", "users", "api_tokens", "sessions"];
  await onServer(
    databaseUrl,
    tables
      .map(
        (table) =>
          `alter table ${table} alter column id restart with ${randomInt(1_000, 900_000_000)}`,
      )
      .join(";"),
  );
}

export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
