import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { operatorScope, scopes } from "../../src/access/schemas";
import { Settings } from "../../src/env";
import { dsnsOf, parseDsn } from "../../src/protocol/dsn";
import { minuteMs } from "../../src/protocol/durations";
import { migrateDatabase } from "../migrate";
import { renewToken, type Seed, seedDatabase } from "../seed";
import {
  authSecret,
  forgetRunning,
  readCredentials,
  writeCredentials,
  writeRunning,
} from "./credentials";
import { type Bridge, startNeonBridge } from "./neon-bridge";
import { databaseDirectory, stateDirectory, takeOverEarlier } from "./places";
import { type RunningPostgres, startPostgres } from "./postgres";
import { childrenOf, startWatchdog } from "./processes";
import { assertNoFormerSetting } from "./take-over";
import { startUpstashBridge } from "./upstash-bridge";
import { bundleWorker, startWorker } from "./worker";
import { readWranglerConfig } from "./wrangler-config";

/** `npm start`: the whole of Brinkwatch on this machine, from an empty folder to a printed DSN. */

const port = Number(process.env.PORT ?? 8000);
const publicUrl = process.env.PUBLIC_URL ?? `http://localhost:${port}`;
const cronEveryMs = minuteMs;
const restartDelayMs = 300;
const restartsMax = 20;

let postgres: RunningPostgres | undefined;
let neon: Bridge | undefined;
let upstash: Bridge | undefined;
let worker: Miniflare | undefined;
let isStopping = false;

async function start(): Promise<void> {
  const began = Date.now();
  await assertPortIsFree();
  assertNoFormerSetting(process.env);
  const taken = takeOverEarlier();
  if (taken) console.log(taken);
  mkdirSync(stateDirectory, { recursive: true });
  const watch = startWatchdog();
  stopWithParent();

  const bundling = bundleWorker(join(stateDirectory, "bundle"));
  bundling.catch(() => undefined);
  const databaseUrl = process.env.DATABASE_URL || (await startEmbedded(watch));
  await migrateDatabase(databaseUrl);
  const seed = await firstSteps(databaseUrl);
  writeRunning(databaseUrl);
  neon = await startNeonBridge(databaseUrl);
  const token = randomBytes(16).toString("hex");
  upstash = await startUpstashBridge(token, process.env.REDIS_URL);
  worker = await startWorker({
    bundle: await bundling,
    port,
    persist: stateDirectory,
    batchTimeoutSeconds: 1,
    log: printLog,
    bindings: {
      LOG_SAMPLE_RATE: "1",
      ...settingsOfEnvironment(),
      PUBLIC_URL: publicUrl,
      ENVIRONMENT: "local",
      AUTH_SECRET: authSecret(),
      ...(!sendsMail() && { DEV_MAILBOX: "true" }),
      DATABASE_URL: databaseUrl,
      NEON_HTTP_ENDPOINT: neon.url,
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: token,
    },
  });
  for (const { pid, name } of childrenOf(process.pid))
    if (name.includes("workerd")) watch(pid, "SIGKILL");
  startCron(worker);
  console.log(welcome(seed, Date.now() - began));
}

async function startEmbedded(
  watch: (pid: number, signal: NodeJS.Signals) => void,
): Promise<string> {
  postgres = await startPostgres(databaseDirectory(), {
    onUnexpectedEnd: () => void restartDatabase(watch),
  });
  watch(postgres.pid, "SIGINT");
  process.once("exit", () => postgres?.stopNow());
  return postgres.url;
}

/** A crashed database comes back: events that were accepted meanwhile wait in the queue for it. */
async function restartDatabase(
  watch: (pid: number, signal: NodeJS.Signals) => void,
): Promise<void> {
  console.error("The database ended unexpectedly and is started again.");
  for (let attempt = 1; !isStopping && postgres; attempt++) {
    // What is left of the old server may hold the folder for a moment.
    await new Promise((resolve) => setTimeout(resolve, restartDelayMs));
    try {
      await postgres.start();
      watch(postgres.pid, "SIGINT");
      return;
    } catch (error) {
      if (attempt < restartsMax) continue;
      console.error(`The database does not come back. ${(error as Error).message}`);
      await stop(1);
    }
  }
}

/** What this runtime sets by itself. */
const ownSettings = new Set([
  "PUBLIC_URL",
  "DATABASE_URL",
  "NEON_HTTP_ENDPOINT",
  "ENVIRONMENT",
  "AUTH_SECRET",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
]);

const sendsMail = () =>
  ["SMTP_URL", "RESEND_API_KEY", "POSTMARK_TOKEN"].some((name) => process.env[name]);

/** Settings that are given in the environment reach the worker as they would on Cloudflare. */
function settingsOfEnvironment(): Record<string, string> {
  const names = Object.keys(Settings.shape).filter((name) => !ownSettings.has(name));
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}

async function firstSteps(databaseUrl: string): Promise<Seed | undefined> {
  // On one's own machine the first token operates the installation too: `npm run dead-letters` uses it.
  const made = await seedDatabase(databaseUrl, publicUrl, [operatorScope]);
  if (made) {
    writeCredentials(made);
    return made;
  }
  const known = readCredentials();
  const target = parseDsn(known?.dsn);
  if (!known || !target) return undefined;
  if (!(await renewToken(databaseUrl, known.token, [...scopes, operatorScope]))) return undefined;
  // This start may be at another address than the first.
  const here = { ...known, dsn: dsnsOf(publicUrl, target.publicKey, target.projectId).public };
  writeCredentials(here);
  return here;
}

/** workerd has no clock of its own for crons. */
function startCron(running: Miniflare): void {
  const crons = readWranglerConfig().triggers.crons;
  setInterval(() => {
    const now = new Date();
    const due = crons.filter((cron) => {
      const [minute] = cron.split(" ");
      return minute === "*" || Number(minute) === now.getMinutes();
    });
    for (const cron of due) {
      running
        .getWorker()
        .then((instance) => instance.scheduled({ cron, scheduledTime: now }))
        .catch((error: Error) => console.error(`The cron ${cron} failed: ${error.message}`));
    }
  }, cronEveryMs);
}

function welcome(seed: Seed | undefined, tookMs: number): string {
  const lines = [
    "",
    `Brinkwatch is ready at ${publicUrl} after ${(tookMs / 1000).toFixed(1)} s.`,
    "",
  ];
  if (!seed) {
    lines.push("Its first user was made in another start; `npm run reset` begins anew.");
    return lines.join("\n");
  }
  lines.push(
    `  Login      ${seed.email} / ${seed.password}`,
    `  DSN        ${seed.dsn}`,
    `  API token  ${seed.token}`,
    `  API docs   ${publicUrl}/api/docs/`,
    `  Mailbox    ${publicUrl}/_dev/mail/`,
    "",
    "Send an event (npm install @sentry/node):",
    "",
    '  const Sentry = require("@sentry/node");',
    `  Sentry.init({ dsn: "${seed.dsn}" });`,
    '  Sentry.captureException(new Error("Hello Brinkwatch"));',
    "",
    "Read it back:",
    "",
    `  curl -H "Authorization: Bearer ${seed.token}" ${publicUrl}/api/0/organizations/${seed.org}/issues/`,
    "",
    "`npm run demo` sends events of several SDKs. Ctrl-C stops.",
  );
  return lines.join("\n");
}

function printLog(line: string): void {
  if (isStopping || line.startsWith('{"level":"info"')) return;
  console.error(line);
}

function assertPortIsFree(): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is taken; choose another with PORT=8001 npm start.`)
          : new Error(`Port ${port} cannot be used: ${error.message}`),
      ),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
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
    forgetRunning();
    await worker?.dispose().catch(() => undefined);
    await Promise.allSettled([neon?.close(), upstash?.close()]);
    await postgres?.stop().catch(() => undefined);
  }
  process.exit(code);
}

try {
  await start();
} catch (error) {
  console.error(`Brinkwatch could not start. ${(error as Error).message}`);
  await stop(1);
}
