import { createServer } from "node:http";
import { join } from "node:path";
import { bucketSettings, openBucket } from "./bucket/open-bucket";
import { type ControlAddress, controlAgent, deliverBatch } from "./deliver";
import { giveBackMemory, giveBackSoon } from "./give-back";
import { closeServer, isSame, listen, startNeonBridge } from "./neon-bridge";
import { openQueues } from "./queues/open-queues";
import { diskOf } from "./room";
import { openSleeper } from "./sleeper";
import { startUpstashBridge } from "./upstash-bridge";
import { bucketHeader, queueHeader } from "./workerd-config";
import { readWranglerConfig } from "./wrangler-config";

/**
 * A process of its own between workerd and everything that keeps something on this machine: the database (Neon's
 * protocol), the counters (Upstash's), the queues and the bucket (workerd's own). It also outlives the launcher for a
 * moment, to end what that one started.
 */

export type BridgesOrder = {
  databaseUrl: string;
  redisUrl?: string;
  /** Of the queues, the bucket and the counters. */
  secret: string;
  ports: { neon: number; redis: number; services: number };
  /** Where queues and objects are kept. */
  folder: string;
  consumers: ControlAddress[];
  reserveBytes: number;
  /** Whether consumers end while there is nothing to do. */
  sleeps: boolean;
};

/** What the launcher says. */
export type ToBridges =
  | { start: BridgesOrder }
  | { watch: { name: string; pid: number; signal: NodeJS.Signals } }
  | { awake: true }
  | { drain: true };
/** What it hears. */
export type FromBridges =
  | { ready: true }
  | { failed: string }
  | { wake: true }
  | { sleep: true }
  | { drained: true };

const answer = (message: FromBridges) => process.send?.(message);
const watched = new Map<string, { pid: number; signal: NodeJS.Signals }>();
const sleeper = openSleeper({
  wake: () => answer({ wake: true }),
  sleep: () => {
    answer({ sleep: true });
    giveBackMemory();
  },
});
let bridges: Awaited<ReturnType<typeof start>> | undefined;

async function start(order: BridgesOrder) {
  const config = readWranglerConfig();
  const log = (line: string) => console.error(line);
  const agent = controlAgent();
  if (!order.sleeps) sleeper.stayAwake();
  const queues = await openQueues({
    folder: join(order.folder, "queues"),
    producers: config.queues.producers,
    consumers: config.queues.consumers,
    consumerCount: order.consumers.length,
    freeBytes: () => diskOf(order.folder).freeBytes,
    reserveBytes: order.reserveBytes,
    log: (level, message, fields) => log(JSON.stringify({ level, message, ...fields })),
    deliver: async (consumer, queue, messages, metrics, signal) => {
      const to = order.consumers[consumer];
      if (!to) throw new Error(`there is no consumer ${consumer}`);
      return sleeper.whileAwake(() =>
        deliverBatch(agent, to, { queue, messages, metrics }, signal),
      );
    },
  });
  const bucket = await openBucket(bucketSettings(), log);
  const neon = await startNeonBridge(order.databaseUrl, undefined, order.ports.neon);
  const redis = await startUpstashBridge(order.secret, order.redisUrl, order.ports.redis);

  const services = createServer((request, response) => {
    if (!isSame(request.headers.authorization ?? "", `Bearer ${order.secret}`)) {
      response.writeHead(401).end("unknown secret");
    } else if (request.headers[queueHeader]) void queues.handle(request, response);
    else if (request.headers[bucketHeader]) void bucket.handle(request, response);
    else if (request.url === "/status") {
      const disk = diskOf(order.folder);
      const refuses = disk.freeBytes < order.reserveBytes;
      const status = { disk: { ...disk, refuses }, queues: queues.stats() };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(status));
    } else response.writeHead(404).end("no such thing");
  });
  await listen(services, order.ports.services);
  return {
    drain: () => queues.drain(),
    close: async () => {
      await queues.drain();
      await Promise.all([closeServer(services), neon.close(), redis.close()]);
      await Promise.all([queues.close(), bucket.close()]);
      agent.destroy();
    },
  };
}

process.on("message", (message: ToBridges) => {
  if ("start" in message) {
    start(message.start).then(
      (started) => {
        bridges = started;
        answer({ ready: true });
        giveBackSoon();
      },
      (error: Error) => {
        answer({ failed: error.message });
        process.exit(1);
      },
    );
  } else if ("watch" in message) watched.set(message.watch.name, message.watch);
  else if ("awake" in message) sleeper.awoke();
  else void bridges?.drain().then(() => answer({ drained: true }));
});

/** The launcher is gone, even if it was killed outright: so is everything that it started. */
process.on("disconnect", () => void end());
// Ctrl-C reaches all processes of a terminal; the launcher decides about the order.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", () => void end());

let isEnding = false;
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  if (process.connected) return void (await bridges?.close(), process.exit(0));
  for (const [name, { pid, signal }] of watched) if (name === "door") endProcess(pid, signal);
  await Promise.race([bridges?.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  for (const { pid, signal } of watched.values()) endProcess(pid, signal);
  process.exit(0);
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went by itself.
  }
}
