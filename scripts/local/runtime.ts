import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { mailTransports } from "../../src/platform/mailer";
import type { BridgesOrder, FromBridges, ToBridges } from "./bridges";
import { type Consumers, openConsumers } from "./consumers";
import { authSecret } from "./credentials";
import { startCrons } from "./cron";
import { type ControlAddress, controlAgent, deliverCron } from "./deliver";
import { forEachLine } from "./lines";
import { durableObjectsName } from "./places";
import { freePort } from "./postgres";
import { type LocalSettings, SettingsOfEnvironment } from "./settings";
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
  /** The process of the bridges, which has had time to load. */
  loaded: LoadedBridges;
  /** Gets the number of each process that starts. */
  note: (name: string, pid: number) => void;
};

export type LocalRuntime = {
  /** Where the bridges say how they are. */
  status: { url: string; secret: string };
  /** One more process that must end when this one is killed. */
  watch(name: string, pid: number, signal: NodeJS.Signals): void;
  stop(graceMs: number): Promise<void>;
};

const failedGraceMs = 1000;

/** Everything but the database: bridges, consumers, the door and the clock of the crons; each is kept running. */
export async function startRuntime(options: RuntimeOptions): Promise<LocalRuntime> {
  const { settings, databaseUrl, folder, secret, log, note } = options;
  let loaded: LoadedBridges | undefined = options.loaded;
  const config = readWranglerConfig();
  const [neon, redis, services] = [await freePort(), await freePort(), await freePort()];
  const controlAddress = async (): Promise<ControlAddress> => ({
    port: await freePort(),
    secret: randomBytes(16).toString("hex"),
  });
  const doorControl = await controlAddress();
  const consumers: ControlAddress[] = [];
  while (consumers.length < settings.consumers) consumers.push(await controlAddress());

  const watched = new Map<string, Extract<ToBridges, { watch: unknown }>>();
  let child: ChildProcess | undefined;
  const send = (message: ToBridges) => child?.connected && child.send(message);
  const watch = (name: string, pid: number, signal: NodeJS.Signals) => {
    const message = { watch: { name, pid, signal } };
    watched.set(name, message);
    send(message);
  };
  const started = (name: string) => (pid: number) => {
    note(name, pid);
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
    // Durable Objects live with the first consumer.
    sleeps: config.durable_objects.bindings.length === 0,
  };
  const bindings = {
    LOG_SAMPLE_RATE: "1",
    // People watch their own machines from here.
    ALLOW_PRIVATE_ADDRESSES: "true",
    ...settingsOfEnvironment(),
    PUBLIC_URL: settings.publicUrl,
    ENVIRONMENT: "local",
    AUTH_SECRET: authSecret(),
    ...(!sendsMail() && { DEV_MAILBOX: "true" }),
    DATABASE_URL: databaseUrl,
    NEON_HTTP_ENDPOINT: `http://127.0.0.1:${neon}/sql`,
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${redis}`,
    UPSTASH_REDIS_REST_TOKEN: secret,
    OWN_ADDRESSES: [
      ...[services, doorControl.port, ...consumers.map(({ port }) => port)].map(
        (port) => `127.0.0.1:${port}`,
      ),
      ...(settings.bucketAddress ? [settings.bucketAddress] : []),
    ].join(","),
  };
  const common = {
    config,
    bundle: options.bundle,
    settings: Object.keys(bindings),
    bridges: { host: `127.0.0.1:${services}`, secret },
  };
  // One process has the objects: no two could write their files.
  const objects = (isHome: boolean) => ({ isHome, folder: join(folder, durableObjectsName) });
  const keepWorkerd = (
    name: string,
    title: string,
    control: ControlAddress,
    part: Pick<WorkerdProcess, "role" | "address" | "objects">,
  ) =>
    keep(
      title,
      (begun) =>
        startWorkerd(
          name,
          { ...common, ...part, controlAddress: `127.0.0.1:${control.port}` },
          { ...bindings, CONTROL_SECRET: control.secret },
          log,
          begun,
        ),
      log,
      started(name),
    );
  const digesters = openConsumers(
    () =>
      Promise.all(
        consumers.map((control, index) =>
          keepWorkerd(`consumer-${index}`, `Consumer ${index + 1}`, control, {
            role: "consumer",
            objects: objects(index === 0),
          }),
        ),
      ),
    log,
  );
  // At the same time: what the door is asked before the bridges are there, it answers as when they are away.
  const [bridges, door] = await bothOrNone(
    keep(
      "The process of the bridges",
      async (begun) => {
        const process_ = loaded ?? loadBridges();
        loaded = undefined;
        const next = await startBridges(process_, order, log, digesters, begun);
        child = next.child;
        for (const message of watched.values()) send(message);
        return next.running;
      },
      log,
      started("bridges"),
    ),
    keepWorkerd("door", "The door", doorControl, {
      role: "door",
      address: `${settings.host}:${settings.port}`,
      objects: objects(false),
    }),
  );
  // The door does what is due: it is awake anyway.
  const agent = controlAgent();
  const fire = (cron: string, at: number) => {
    deliverCron(agent, doorControl, cron, at).then(
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
    watch,
    stop: async (graceMs) => {
      stopCrons();
      await door.stop(graceMs);
      await drain(child, graceMs);
      await digesters.stop(graceMs);
      await bridges.stop(graceMs);
      agent.destroy();
    },
  };
}

/** Two parts that are kept, when both start; else neither is left running. */
async function bothOrNone(first: Promise<Kept>, second: Promise<Kept>): Promise<[Kept, Kept]> {
  const results = await Promise.allSettled([first, second]);
  if (results.some(({ status }) => status === "rejected")) {
    const begun = results.flatMap((result) =>
      result.status === "fulfilled" ? [result.value] : [],
    );
    await Promise.all(begun.map((part) => part.stop(failedGraceMs)));
  }
  return Promise.all([first, second]);
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

/** For glibc: bodies come and go by the thousand, and asking the system for the room of each costs a fifth of the CPU. */
const allocation = { MALLOC_MMAP_THRESHOLD_: "8388608", MALLOC_TRIM_THRESHOLD_: "8388608" };

export type LoadedBridges = { child: ChildProcess; running: Running };

/** Begins to load the bridges; they do nothing yet. */
export function loadBridges(): LoadedBridges {
  // Compiled beside the launcher.
  const child = fork(join(import.meta.dirname, "bridges.mjs"), {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...allocation },
  });
  return { child, running: runningChild(child) };
}

async function startBridges(
  { child, running }: LoadedBridges,
  order: BridgesOrder,
  log: (line: string) => void,
  digesters: Pick<Consumers, "wake" | "sleep">,
  begun: (pid: number) => void,
): Promise<LoadedBridges> {
  if (child.pid) begun(child.pid);
  if (child.stdout) forEachLine(child.stdout, log);
  if (child.stderr) forEachLine(child.stderr, log);
  // What waits from before is delivered, and so asked for, before the bridges are ready.
  child.on("message", (message: FromBridges) => {
    if ("wake" in message) {
      void digesters
        .wake()
        .then(() => child.connected && child.send({ awake: true } satisfies ToBridges));
    }
    if ("sleep" in message) void digesters.sleep();
  });
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

const sendsMail = () => mailTransports.some((name) => process.env[name]);

/** Settings that are given in the environment reach the application as they would on Cloudflare. */
function settingsOfEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.keys(SettingsOfEnvironment.shape).flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
