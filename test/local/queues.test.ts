import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listen } from "../../scripts/local/neon-bridge";
import { projectRoot } from "../../scripts/local/places";
import type { Deliver } from "../../scripts/local/queues/dispatcher";
import { openQueues, type QueuesOptions } from "../../scripts/local/queues/open-queues";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { makeScratch } from "../scratch";

const scratch = makeScratch("queue-doors");
const endings: (() => unknown)[] = [() => rmSync(scratch, { recursive: true, force: true })];
afterAll(async () => {
  for (const end of endings.toReversed()) await end();
});

type Delivered = Parameters<Deliver>[2][number] & { queue: string };

const allAcked = {
  outcome: "ok",
  retryBatch: { retry: false },
  ackAll: true,
  retryMessages: [],
  explicitAcks: [],
};

let folders = 0;

/** The queues of wrangler.toml behind an HTTP server, with a consumer that takes everything. */
async function start(options: Partial<QueuesOptions> = {}) {
  const delivered: Delivered[] = [];
  const waiting: { count: number; resolve(): void }[] = [];
  const { consumers, producers } = readWranglerConfig().queues;
  const queues = await openQueues({
    folder: join(scratch, String(folders++)),
    consumers,
    producers,
    consumerCount: 1,
    batchTimeoutSeconds: 0,
    deliver: async (_, queue, messages) => {
      delivered.push(...messages.map((message) => ({ ...message, queue })));
      for (const { count, resolve } of waiting) if (delivered.length >= count) resolve();
      return allAcked;
    },
    freeBytes: () => 1e12,
    log: () => undefined,
    ...options,
  });
  endings.push(() => queues.close());
  const server = createServer((request, response) => void queues.handle(request, response));
  await listen(server);
  endings.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const post = async (path: string, body: string | Uint8Array, headers: Record<string, string>) => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers });
    return { status: reply.status, ...((await reply.json()) as object) } as {
      status: number;
      error?: string;
    };
  };
  return {
    queues,
    port,
    delivered,
    comes: (count: number) =>
      new Promise<void>((resolve) => {
        if (delivered.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    post,
    send: (body: string | Uint8Array, queue = "envelopes", format = "bytes", more = {}) =>
      post("/message", body, { "x-brinkwatch-queue": queue, "x-msg-fmt": format, ...more }),
    sendBatch: (messages: object[]) =>
      post("/batch", JSON.stringify({ messages }), { "x-brinkwatch-queue": "envelopes" }),
  };
}

const sender = `export default {
  async fetch(request, { QUEUE }) {
    await QUEUE.send(new Uint8Array([1, 2, 255]), { contentType: "bytes" });
    await QUEUE.send({ a: "ä" }, { contentType: "json" });
    await QUEUE.sendBatch([
      { body: "text", contentType: "text" },
      { body: new Uint8Array(3), contentType: "bytes" },
      { body: [1], contentType: "json" },
    ]);
    const said = await QUEUE.send(new Map(), { contentType: "v8" }).catch((error) => error.message);
    const metrics = await QUEUE.metrics?.();
    return Response.json({ said, backlogCount: typeof metrics?.backlogCount });
  },
};`;

test("a queue binding of workerd sends, and what arrives is delivered as it was sent", async () => {
  const { port, delivered, comes } = await start();
  const reply = await runWorker(sender, port);

  expect(reply).toEqual({
    said: "Messages are sent with one of the contentTypes bytes, json, text. (400)",
    backlogCount: "number",
  });
  await comes(5);
  expect(delivered).toMatchObject([
    { queue: "envelopes", contentType: "bytes", body: Buffer.from([1, 2, 255]), attempts: 1 },
    { contentType: "json", body: Buffer.from('{"a":"ä"}') },
    { contentType: "text", body: Buffer.from("text") },
    { contentType: "bytes", body: Buffer.from([0, 0, 0]) },
    { contentType: "json", body: Buffer.from("[1]") },
  ]);
  expect(new Set(delivered.map(({ id }) => id)).size).toBe(5);
  expect(delivered.every(({ id }) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});

/** Runs a worker in workerd with a queue binding at the port, and gets its answer. */
async function runWorker(code: string, port: number): Promise<unknown> {
  const folder = makeScratch("queue-worker");
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "worker.js"), code);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-04-24",
      bindings = [(name = "QUEUE", queue = "queue-envelopes")],
    )),
    (name = "queue-envelopes", external = (address = "127.0.0.1:${port}", http = (
      injectRequestHeaders = [(name = "x-brinkwatch-queue", value = "envelopes")]
    ))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`,
  );
  const command = join(projectRoot, "node_modules/workerd/bin/workerd");
  const workerd = spawn(command, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  endings.push(() => workerd.kill("SIGKILL"));
  const reply = await fetch(`http://127.0.0.1:${await portOf(workerd)}/`);
  return reply.json();
}

/** The port on which workerd says that it listens. */
const portOf = (workerd: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    workerd.once("exit", () => reject(new Error("workerd has ended.")));
    let text = "";
    workerd.stdio[3]?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const said = text.split("\n").find((line) => line.includes('"listen"'));
      if (said) resolve((JSON.parse(said) as { port: number }).port);
    });
  });

const base64 = (bytes: number) => Buffer.alloc(bytes).toString("base64");

test.each<[string, number, RegExp, (door: Awaited<ReturnType<typeof start>>) => Promise<object>]>([
  [
    "a message of 128 001 bytes",
    413,
    /at most 128000 bytes/,
    ({ send }) => send(Buffer.alloc(128_001)),
  ],
  ["a queue that is nowhere", 404, /no such queue/, ({ send }) => send("x", "constructor")],
  [
    "a message without a content type",
    400,
    /contentTypes/,
    ({ send }) => send("x", "envelopes", ""),
  ],
  ["a serialized object", 400, /bytes, json, text/, ({ send }) => send("x", "envelopes", "v8")],
  [
    "a delay of more than a day",
    400,
    /0 to 86400/,
    ({ send }) => send("x", "envelopes", "bytes", { "x-msg-delay-secs": "86401" }),
  ],
  [
    "a delay that is no number",
    400,
    /0 to 86400/,
    ({ send }) => send("x", "envelopes", "bytes", { "x-msg-delay-secs": "soon" }),
  ],
  [
    "a batch of 101 messages",
    413,
    /at most 100 messages/,
    ({ sendBatch }) => sendBatch(Array(101).fill({ body: "", contentType: "bytes" })),
  ],
  [
    "a batch of 256 001 bytes",
    413,
    /at most 256000 bytes/,
    ({ sendBatch }) =>
      sendBatch(
        [128_000, 128_000, 1].map((bytes) => ({ body: base64(bytes), contentType: "bytes" })),
      ),
  ],
  [
    "a large message in a batch",
    413,
    /at most 128000/,
    ({ sendBatch }) => sendBatch([{ body: base64(128_001), contentType: "bytes" }]),
  ],
  ["a batch that is none", 400, /as workerd sends it/, ({ sendBatch }) => sendBatch([])],
  [
    "an address that is nothing",
    404,
    /takes POST/,
    ({ post }) => post("/messages", "", { "x-brinkwatch-queue": "envelopes" }),
  ],
])("%s is refused in words, and nothing is kept of it", async (_, status, words, ask) => {
  const door = await start();
  expect(await ask(door)).toMatchObject({ status, error: expect.stringMatching(words) });
  expect(door.queues.stats().map(({ backlogCount }) => backlogCount)).toEqual([0, 0, 0, 0]);
});

test("a message of 128 000 bytes and a batch of 256 000 are taken", async () => {
  const { send, sendBatch, comes } = await start();
  expect(await send(Buffer.alloc(128_000))).toMatchObject({ status: 200 });
  const half = { body: base64(128_000), contentType: "bytes" };
  expect(await sendBatch([half, half])).toMatchObject({ status: 200 });
  await comes(3);
});

test("a disk that is nearly full takes no events, then no outcomes, and says so", async () => {
  const megabyte = 1024 * 1024;
  const answers = async (freeBytes: number) => {
    const { send, queues } = await start({ freeBytes: () => freeBytes });
    const statuses: Record<string, number> = {};
    for (const { queue } of queues.stats())
      statuses[queue] = (await send("{}", queue, "json")).status;
    for (const { queue, isRefusing } of queues.stats()) {
      expect(isRefusing).toBe(statuses[queue] === 507);
    }
    return ["envelopes", "issue-changes", "outcomes", "dead-letters"].map((name) => statuses[name]);
  };
  expect(await answers(512 * megabyte)).toEqual([200, 200, 200, 200]);
  expect(await answers(512 * megabyte - 1)).toEqual([507, 507, 200, 200]);
  expect(await answers(128 * megabyte)).toEqual([507, 507, 200, 200]);
  expect(await answers(128 * megabyte - 1)).toEqual([507, 507, 507, 507]);
});

test("the free bytes are looked up once a second, however much is sent", async () => {
  let looks = 0;
  const { send } = await start({
    freeBytes: () => {
      looks++;
      return 1e12;
    },
    clock: { wallMs: () => 1.8e12, steadyMs: () => 0, after: () => () => undefined },
  });
  await Promise.all(Array.from({ length: 50 }, () => send("x")));
  expect(looks).toBe(1);
});

test("while senders never pause, deliveries keep up with them", async () => {
  let [delivered, largestBacklog] = [0, 0];
  const { queues, send } = await start({
    deliver: async (_, __, messages) => {
      delivered += messages.length;
      const backlog = queues.stats().map(({ backlogCount }) => backlogCount);
      largestBacklog = Math.max(largestBacklog, ...backlog);
      return allAcked;
    },
  });
  const sendOn = async () => {
    while (delivered < 500) expect((await send(Buffer.alloc(6000))).status).toBe(200);
  };
  await Promise.all(Array.from({ length: 16 }, sendOn));
  // A batch of a hundred, and what comes in while it is delivered.
  expect(largestBacklog).toBeLessThan(300);
});

test("what is being delivered when the runtime stops is settled, and nothing else is delivered", async () => {
  const answers: (() => void)[] = [];
  const arrived: number[] = [];
  let said = () => {};
  const isThere = new Promise<void>((resolve) => {
    said = resolve;
  });
  const { queues, send } = await start({
    deliver: (_, __, messages) =>
      new Promise((resolve) => {
        arrived.push(messages.length);
        answers.push(() => resolve(allAcked));
        said();
      }),
  });
  await send("first");
  await isThere;
  await send("second");
  const drained = queues.drain();
  for (const answer of answers) answer();
  await drained;
  // What comes in now is kept for the next start.
  expect(await send("third")).toMatchObject({ status: 200 });
  expect(arrived).toEqual([1]);
  expect(queues.stats()[0]).toMatchObject({ queue: "envelopes", backlogCount: 2, inFlight: 0 });
});
