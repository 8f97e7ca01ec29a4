import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { type Holder, readHolder } from "../scripts/local/hold";
import { freePort } from "../scripts/local/postgres";
import { isRunning } from "../scripts/local/processes";
import { parseDsn } from "../src/protocol/dsn";
import { eventually } from "./eventually";
import { makeScratch } from "./scratch";

const script = join(import.meta.dirname, "../scripts/local/start.mjs");

/** `npm start` in a folder of its own, and what one needs to break it. */
export type LocalServer = {
  home: string;
  url: string;
  token: string;
  /** Address of a door of the first project, with its key. */
  door: string;
  output(): string;
  launcher(): ChildProcess;
  /** Number of a part's process. */
  pidOf(part: string): number;
  /** Kills a part outright and waits until it is another process that serves. */
  crash(part: string): Promise<void>;
  /** Kills everything outright. */
  crashAll(): Promise<void>;
  /** `more` are variables of this start alone. */
  start(more?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
  /** One query to the database of the moment. */
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  remove(): Promise<void>;
};

/** Not started yet; with a copy of what lies in a data folder if one is named, else in an empty one. */
export async function makeLocalServer(
  variables: Record<string, string> = {},
  template?: string,
): Promise<LocalServer> {
  const home = makeScratch("home");
  if (template) execFileSync("cp", ["-a", `${template}/.`, home]);
  const port = String(await freePort());
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  const env = { ...inherited, BRINKWATCH_HOME: home, PORT: port, ...variables };
  let child: ChildProcess | undefined;
  let output = "";

  const holder = (): Holder => {
    const found = readHolder(home);
    if (!found) throw new Error(`nobody holds ${home}:\n${output}`);
    return found;
  };
  const partOf = (name: string) => holder().parts.find((part) => part.name === name);
  const launcher = () => {
    if (!child) throw new Error("it was not started");
    return child;
  };
  const server: LocalServer = {
    home,
    url: `http://localhost:${port}`,
    token: "",
    door: "",
    output: () => output,
    launcher,
    pidOf: (name) => partOf(name)?.pid ?? 0,
    start: async (more = {}) => {
      output = "";
      const started = spawn(process.execPath, [script], {
        env: { ...env, ...more },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on("data", (chunk: Buffer) => (output += chunk));
      }
      const ended = new Promise<never>((_, reject) =>
        started.once("close", () => reject(new Error(`it ended:\n${output}`))),
      );
      ended.catch(() => undefined);
      const ready = eventually(() => {
        if (!output.includes("is ready at")) throw new Error(`it is not ready:\n${output}`);
      }, 120_000);
      await Promise.race([ready, ended]);
      server.token = tokenIn(home);
      const dsn = parseDsn(/DSN\s+(\S+)/.exec(output)?.[1]);
      server.door = `${server.url}/api/${dsn?.projectId}/envelope/?sentry_key=${dsn?.publicKey}`;
    },
    crash: async (name) => {
      // Consumers run only while there is something to digest.
      const before = await eventually(() => {
        const found = partOf(name);
        if (!found || !isRunning(found)) throw new Error(`there is no ${name}`);
        return found;
      }, 30_000);
      process.kill(before.pid, "SIGKILL");
      await eventually(() => {
        const now = partOf(name);
        if (!now || now.pid === before.pid || !isRunning(now)) throw new Error(`no new ${name}`);
      }, 30_000);
    },
    crashAll: async () => {
      const { parts } = holder();
      // The launcher first, so that it starts nothing anew meanwhile.
      for (const { pid } of [{ pid: launcher().pid ?? 0 }, ...parts]) {
        if (pid) process.kill(pid, "SIGKILL");
      }
      await eventually(() => {
        if (parts.some(isRunning)) throw new Error("something still runs");
      }, 30_000);
    },
    stop: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child?.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
    query: async (text, values) => {
      const client = new pg.Client({ connectionString: holder().databaseUrl });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    remove: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return server;
}

/** The token that the first start printed; later ones only say where it is. */
export const tokenIn = (home: string): string =>
  JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")).token;
