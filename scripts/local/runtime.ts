import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Settings } from "../../src/env";
import { mailTransports } from "../../src/platform/mailer";
import type { BridgesOrder, FromBridges, ToBridges } from "./bridges";
import { authSecret } from "./credentials";
import { startCrons } from "./cron";
import { type ControlAddress, controlAgent, deliverCron } from "./deliver";
import { forEachLine } from "./lines";
import { freePort } from "./postgres";
import type { LocalSettings } from "./settings";
import { type Kept, keep, type Running, runningChild } from "./supervisor";
import { startWorkerd } from "./workerd";
import type { WorkerdProcess } from "./workerd-config";
import { readWranglerConfig } from "./wrangler-config";

export type RuntimeOptions = {
  settings: LocalSettings;
  databaseUrl: string;
  bundle: string;
  /** Where everything is kept. */
  folder: string;
  /** Between the parts, for the life of this start. */
  secret: string;
  log: (line: string) => void;
  /** Gets the number of each process that starts. */
  note?: (name: string, pid: number) => void;
  /** Settings of the application that win over those of the environment. */
  bindings?: Record<string, string>;
};

export type LocalRuntime = {
  /** Numbers of the processes by name. */
  processes(): Record<string, number | undefined>;
  /** Where the bridges say how they are. */
  status: { url: string; secret: string };
  /** One more process that must end when this one is killed. */
  watch(name: string, pid: number, signal: NodeJS.Signals): void;
  stop(graceMs: number): Promise<void>;
};

/** Everything but the database: bridges, consumers, the door and the clock of the crons; each is kept running. */
export async function startRuntime(options: RuntimeOptions): Promise<LocalRuntime> {
  const { settings, databaseUrl, folder, secret, log, note } = options;
  const config = readWranglerConfig();
  const [neon, redis, services] = [await freePort(), await freePort(), await freePort()];
  const consumers: ControlAddress[] = [];
  for (let count = 0; count < settings.consumers; count++) {
    consumers.push({ port: await freePort(), secret: randomBytes(16).toString("hex") });
  }

  const watched = new Map<string, Extract<ToBridges, { watch: unknown }>>();
  let child: ChildProcess | undefined;
  const send = (message: ToBridges) => child?.connected && child.send(message);
  const watch = (name: string, pid: number, signal: NodeJS.Signals) => {
    const message = { watch: { name, pid, signal } };
    watched.set(name, message);
    send(message);
  };
  const started = (name: string) => (pid: number) => {
    note?.(name, pid);
    if (name !== "bridges") watch(name, pid, "SIGTERM");
  };

  const order: BridgesOrder = {
    databaseUrl,
    ...(settings.redisUrl && { redisUrl: settings.redisUrl }),
    secret,
    ports: { neon, redis, services },
    folder,
    consumers,
    reserveBytes: settings.reserveBytes,
  };
  const kept: Kept[] = [];
  const bridges = await keep(
    "The process of the bridges",
    async () => {
      const next = await startBridges(order, log);
      child = next.child;
      for (const message of watched.values()) send(message);
      return next.running;
    },
    log,
    started("bridges"),
  );

  const bindings = {
    LOG_SAMPLE_RATE: "1",
    ...settingsOfEnvironment(),
    PUBLIC_URL: settings.publicUrl,
    ENVIRONMENT: "local",
    AUTH_SECRET: authSecret(),
    ...(!sendsMail() && { DEV_MAILBOX: "true" }),
    DATABASE_URL: databaseUrl,
    NEON_HTTP_ENDPOINT: `http://127.0.0.1:${neon}/sql`,
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${redis}`,
    UPSTASH_REDIS_REST_TOKEN: secret,
    ...options.bindings,
  };
  const common = {
    config,
    bundle: options.bundle,
    settings: Object.keys(bindings),
    bridges: { host: `127.0.0.1:${services}`, secret },
  };
  // One process has the objects: no two could write their files.
  const objects = (isHome: boolean) => ({ isHome, folder: join(folder, "durable-objects") });
  const keepWorkerd = (
    name: string,
    title: string,
    part: Pick<WorkerdProcess, "role" | "address" | "objects">,
    more: Record<string, string> = {},
  ) =>
    keep(
      title,
      () => startWorkerd(name, { ...common, ...part }, { ...bindings, ...more }, log),
      log,
      started(name),
    );
  try {
    kept.push(
      ...(await Promise.all([
        keepWorkerd("door", "The door", {
          role: "door",
          address: `${settings.host}:${settings.port}`,
          objects: objects(false),
        }),
        ...consumers.map(({ port, secret: CONTROL_SECRET }, index) =>
          keepWorkerd(
            `consumer-${index}`,
            `Consumer ${index + 1}`,
            { role: "consumer", address: `127.0.0.1:${port}`, objects: objects(index === 0) },
            { CONTROL_SECRET },
          ),
        ),
      ])),
    );
  } catch (error) {
    await bridges.stop(1000);
    throw error;
  }

  const agent = controlAgent();
  const [first] = consumers;
  const fire = (cron: string, at: number) => {
    if (!first) return;
    deliverCron(agent, first, cron, at).then(
      (answer) => {
        const { outcome } = answer as { outcome?: string };
        if (outcome !== "ok") log(`The cron ${cron} failed: ${outcome}.`);
      },
      (error: Error) => log(`The cron ${cron} failed: ${error.message}`),
    );
  };
  const stopCrons = startCrons(config.triggers.crons, join(folder, "crons.json"), fire, log);

  return {
    status: { url: `http://127.0.0.1:${services}/status`, secret },
    processes: () => ({
      bridges: bridges.pid(),
      door: kept[0]?.pid(),
      ...Object.fromEntries(
        kept.slice(1).map((consumer, index) => [`consumer-${index}`, consumer.pid()]),
      ),
    }),
    watch,
    stop: async (graceMs) => {
      stopCrons();
      const [door, ...others] = kept;
      await door?.stop(graceMs);
      await drain(child, graceMs);
      await Promise.all(others.map((consumer) => consumer.stop(graceMs)));
      await bridges.stop(graceMs);
      agent.destroy();
    },
  };
}

/** What is being digested comes to its end; what waits stays on disk. */
function drain(child: ChildProcess | undefined, graceMs: number): Promise<void> {
  if (!child?.connected) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, graceMs);
    child.on("message", (message: FromBridges) => {
      if (!("drained" in message)) return;
      clearTimeout(timer);
      resolve();
    });
    child.send({ drain: true } satisfies ToBridges);
  });
}

async function startBridges(
  order: BridgesOrder,
  log: (line: string) => void,
): Promise<{ child: ChildProcess; running: Running }> {
  // Compiled beside the launcher.
  const child = fork(join(import.meta.dirname, "bridges.mjs"), {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  if (child.stdout) forEachLine(child.stdout, log);
  if (child.stderr) forEachLine(child.stderr, log);
  const running = runningChild(child);
  child.send({ start: order } satisfies ToBridges);
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message: FromBridges) => {
      if ("ready" in message) resolve();
      else if ("failed" in message) reject(new Error(message.failed));
    });
    void running.ended.then((how) => reject(new Error(`The process of the bridges ${how}.`)));
  });
  return { child, running };
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

const sendsMail = () => mailTransports.some((name) => process.env[name]);

/** Settings that are given in the environment reach the application as they would on Cloudflare. */
function settingsOfEnvironment(): Record<string, string> {
  const names = Object.keys(Settings.shape).filter((name) => !ownSettings.has(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
