import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import pg from "pg";
import { bundleWorker } from "../../scripts/local/bundle";
import type { NeonQuery } from "../../scripts/local/neon-bridge";
import { type RunningPostgres, startPostgres } from "../../scripts/local/postgres";
import { migrateDatabase } from "../../scripts/migrate-database";
import { seedDatabase } from "../../scripts/seed-database";
import { parseDsn } from "../../src/protocol/dsn";
import { startWorker, type WorkerOptions } from "../simulator/start-worker";
import type { LoadResult, Order } from "./load";
import { childrenNamed, type Processes } from "./machine";

export type Servers = {
  url: string;
  sql: pg.Pool;
  postgres: RunningPostgres;
  worker: Miniflare;
  processes: Processes;
  token: string;
  /** Door of the first project, with its key. */
  door: string;
  folder: string;
  logs: string[];
  /** Every statement that the worker sends while something is done. */
  queriesOf(work: () => Promise<unknown>): Promise<NeonQuery[]>;
  dispose(): Promise<void>;
};

/** Settings under which nothing is turned away. */
export const unlimited = {
  API_REQUESTS_PER_MINUTE: "100000000",
  DEFAULT_KEY_LIMIT_PER_MINUTE: "0",
  DEFAULT_PROJECT_LIMIT_PER_MINUTE: "0",
  NEW_ISSUES_PER_HOUR: "0",
  NEW_RELEASES_PER_DAY: "0",
  NEW_ENVIRONMENTS_PER_DAY: "0",
};

let bundle: Promise<string> | undefined;
let bundleFolder: string | undefined;

/** The production bundle with a fresh database; settings of PostgreSQL as it is delivered: fsync and all. */
export async function startServers(
  options: { adjust?: WorkerOptions["adjust"] } = {},
): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), "brinkwatch-bench-"));
  chmodSync(folder, 0o711);
  bundleFolder ??= mkdtempSync(join(tmpdir(), "brinkwatch-bundle-"));
  bundle ??= bundleWorker(bundleFolder);
  const postgres = await startPostgres(join(folder, "postgres"), {
    settings: { shared_buffers: "1GB", "pg_stat_statements.track": "all" },
  });
  process.once("exit", () => postgres.stopNow());
  const publicUrl = "http://bench.example";
  await migrateDatabase(postgres.url);
  const seed = await seedDatabase(postgres.url, publicUrl);
  const dsn = parseDsn(seed?.dsn);
  if (!seed || !dsn) throw new Error("the database of the bench has no project");
  const secret = randomBytes(8).toString("hex");
  const bridges = await startBridges(postgres.url, secret);
  const sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  sql.on("error", () => undefined);
  sql.on("connect", (client) => client.on("error", () => undefined));
  await sql.query("create extension if not exists pg_stat_statements");
  const logs: string[] = [];
  const script = await bundle;
  const launch = () =>
    startWorker({
      bundle: script,
      persist: folder,
      log: (line) => logs.push(line),
      bindings: {
        PUBLIC_URL: publicUrl,
        ...unlimited,
        DATABASE_URL: postgres.url,
        NEON_HTTP_ENDPOINT: bridges.neonUrl,
        UPSTASH_REDIS_REST_URL: bridges.redisUrl,
        UPSTASH_REDIS_REST_TOKEN: secret,
      },
      ...(options.adjust && { adjust: options.adjust }),
    });
  const servers: Servers = {
    url: "",
    sql,
    postgres,
    worker: await launch(),
    processes: { workerd: [], bridges: bridges.pid, postgres: postgres.pid },
    queriesOf: bridges.queriesOf,
    token: seed.token,
    door: "",
    folder,
    logs,
    dispose: async () => {
      await servers.worker.dispose();
      await sql.end();
      bridges.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const locate = async () => {
    servers.url = (await servers.worker.ready).href.replace(/\/$/, "");
    servers.door = `${servers.url}/api/${dsn.projectId}/envelope/?sentry_key=${dsn.publicKey}`;
    servers.processes.workerd = childrenNamed(process.pid, "workerd");
  };
  await locate();
  return servers;
}

export function forgetBundle(): void {
  if (bundleFolder) rmSync(bundleFolder, { recursive: true, force: true });
}

async function startBridges(databaseUrl: string, secret: string) {
  const child = fork(join(import.meta.dirname, "bridges.ts"), {
    execArgv: ["--import", "tsx"],
  });
  const next = answersOf(child, "the bridges");
  const ready = next<{ neonUrl: string; redisUrl: string }>("ready");
  child.send({ start: { databaseUrl, secret } });
  const watch = async (isWatching: boolean) => {
    const heard = next<boolean>("watching");
    child.send({ watch: isWatching });
    await heard;
  };
  return {
    ...(await ready),
    pid: child.pid ?? 0,
    stop: () => void child.kill(),
    queriesOf: async (work: () => Promise<unknown>): Promise<NeonQuery[]> => {
      const seen: NeonQuery[] = [];
      const note = ({ query }: { query?: NeonQuery }) => void (query && seen.push(query));
      child.on("message", note);
      await watch(true);
      await work();
      // Messages come in order: what was asked before this answer has been seen with it.
      await watch(false);
      child.off("message", note);
      return seen;
    },
  };
}

/** The next message of a child that has a field. */
function answersOf(child: ChildProcess, what: string) {
  return <T>(field: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const listen = (message: Record<string, T>) => {
        if (!(field in message)) return;
        leave();
        resolve(message[field] as T);
      };
      const fail = (code: number | null) => {
        leave();
        reject(new Error(`${what} ended with code ${code}`));
      };
      const leave = () => void child.off("message", listen).off("exit", fail);
      child.on("message", listen).on("exit", fail);
    });
}

export type Load = { go(): Promise<LoadResult> };

/** Prepares the load in a process of its own and waits until its bodies are built. */
export async function prepareLoad(order: Order): Promise<Load> {
  const child: ChildProcess = fork(join(import.meta.dirname, "load.ts"), {
    execArgv: ["--import", "tsx"],
  });
  const once = answersOf(child, "the load");
  const ready = once("ready");
  child.send({ order });
  await ready;
  return {
    go: () => {
      const result = once<LoadResult>("result");
      child.send({ go: true });
      return result;
    },
  };
}

/** GET that must succeed. */
export async function get<T>(servers: Servers, path: string): Promise<T> {
  const response = await fetch(servers.url + path, {
    headers: { authorization: `Bearer ${servers.token}` },
  });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Waits until the database holds so many events; undefined when that takes too long. */
export async function drained(
  servers: Servers,
  events: number,
  timeoutMs: number,
): Promise<number | undefined> {
  const started = performance.now();
  while (performance.now() - started < timeoutMs) {
    const { rows } = await servers.sql.query(
      "select event_count from (select sum(event_count)::int as event_count from issues) x",
    );
    if ((rows[0]?.event_count ?? 0) >= events) return performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
