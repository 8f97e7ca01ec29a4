import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  type Deliver,
  type LineSettings,
  startDispatcher,
  untilBatch,
} from "../../scripts/local/queues/dispatcher";
import { openQueueStore } from "../../scripts/local/queues/queue-store";
import { type DeliveryResult, settlementOf } from "../../scripts/local/queues/settlement";
import { makeScratch } from "../scratch";
import { manualClock } from "./manual-clock";

const scratch = makeScratch("dispatcher");
const endings: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of endings) await end();
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;

const acked: DeliveryResult = {
  outcome: "ok",
  retryBatch: { retry: false },
  ackAll: true,
  retryMessages: [],
  explicitAcks: [],
};
const failed: DeliveryResult = { ...acked, outcome: "exception", ackAll: false };

const usual = {
  batchMax: 100,
  batchTimeoutMs: 1000,
  concurrencyMax: 10,
  retriesMax: 2,
  retryDelaySeconds: 0,
  deadLetterQueue: undefined,
};

type Delivery = {
  consumer: number;
  queue: string;
  messages: Parameters<Deliver>[2];
  signal: AbortSignal;
  answer(result: unknown): void;
  fail(error: Error): void;
};

/** A store, its dispatcher and consumers whose answers a test gives by hand. */
async function start(lines: (Partial<LineSettings> & { queue: string })[], consumerCount = 1) {
  const time = manualClock();
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const queues = lines.map(({ queue }) => queue);
  const folder = join(scratch, String(folders++));
  const store = await openQueueStore({ folder, queues, clock: time.clock, log });
  const arrived: Delivery[] = [];
  const asked: ((delivery: Delivery) => void)[] = [];
  const deliver: Deliver = (consumer, queue, messages, _, signal) =>
    new Promise((answer, fail) => {
      const delivery = { consumer, queue, messages, signal, answer, fail };
      const next = asked.shift();
      if (next) next(delivery);
      else arrived.push(delivery);
    });
  const dispatcher = startDispatcher(
    {
      store,
      deliver,
      clock: time.clock,
      log,
      metricsOf: () => ({ backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: 0 }),
    },
    lines.map((line) => ({ ...usual, ...line })),
    consumerCount,
  );
  endings.push(() => store.close());
  return {
    time,
    store,
    dispatcher,
    logged,
    arrived,
    send: async (queue: string, count: number, bytes = 1) => {
      const message = { contentType: "bytes" as const, body: Buffer.alloc(bytes), delaySeconds: 0 };
      await store.send(
        queue,
        Array.from({ length: count }, () => message),
      );
      dispatcher.wake(queue);
    },
    next: () =>
      new Promise<Delivery>((resolve) => {
        const first = arrived.shift();
        if (first) resolve(first);
        else asked.push(resolve);
      }),
  };
}

test.each([
  ["nothing is there", { due: 0, firstDueMs: undefined, nowMs: 5000 }, undefined],
  ["a batch is full", { due: 100, firstDueMs: 5000, nowMs: 5000 }, 0],
  ["one message has just come", { due: 1, firstDueMs: 5000, nowMs: 5000 }, 1000],
  ["it has waited for a while", { due: 99, firstDueMs: 4400, nowMs: 5000 }, 400],
  ["it has waited long enough", { due: 1, firstDueMs: 4000, nowMs: 5000 }, 0],
  ["it was there before a stop", { due: 1, firstDueMs: 3, nowMs: 5000 }, 0],
  ["it is not due yet", { due: 0, firstDueMs: 7000, nowMs: 5000 }, 3000],
])("when %s, a batch is delivered after that", (_, outlook, waitMs) => {
  expect(untilBatch(outlook, { batchMax: 100, batchTimeoutMs: 1000 })).toBe(waitMs);
});

const taken = (id: string, attempts: number) => ({
  order: { dueMs: 0, ticket: 1, body: 1, bodyBytes: 1, attempts, sentMs: 0 },
  message: { id, timestamp: 0, contentType: "bytes" as const, body: new Uint8Array() },
});

test.each<[string, Partial<DeliveryResult>, Record<string, string>]>([
  ["all went well", { outcome: "ok" }, { new: "acked", old: "acked" }],
  ["it threw", { outcome: "exception" }, { new: "retried 7", old: "dead" }],
  [
    "it threw after it acknowledged all",
    { outcome: "exception", ackAll: true },
    { new: "acked", old: "acked" },
  ],
  [
    "it threw after it acknowledged one",
    { outcome: "exception", explicitAcks: ["old"] },
    { new: "retried 7", old: "acked" },
  ],
  [
    "it asked for all again",
    { outcome: "ok", retryBatch: { retry: true, delaySeconds: 3 } },
    { new: "retried 3", old: "dead" },
  ],
  [
    "it asked for one again later, and for all",
    {
      outcome: "ok",
      retryBatch: { retry: true, delaySeconds: 3 },
      retryMessages: [{ msgId: "new", delaySeconds: 9 }],
    },
    { new: "retried 9", old: "dead" },
  ],
  [
    "it asked for one again",
    { outcome: "ok", retryMessages: [{ msgId: "new" }] },
    { new: "retried 7", old: "acked" },
  ],
  [
    "it acknowledged all but one",
    { outcome: "ok", ackAll: true, retryMessages: [{ msgId: "old" }] },
    { new: "acked", old: "dead" },
  ],
])("when a consumer says that %s, each message has its fate", (_, said, fates) => {
  const batch = [taken("new", 0), taken("old", 2)];
  const result: DeliveryResult = { ...failed, ...said };
  const fatesIn = (deadLetterQueue: string | undefined) => {
    const {
      acked: done,
      retried,
      moved,
      dropped,
    } = settlementOf(batch, result, {
      retriesMax: 2,
      retryDelaySeconds: 7,
      deadLetterQueue,
    });
    return Object.fromEntries([
      ...done.map(({ message }) => [message.id, "acked"]),
      ...retried.map((each) => [each.taken.message.id, `retried ${each.delaySeconds}`]),
      ...moved.map((each) => [each.taken.message.id, "dead"]),
      ...dropped.map(({ message }) => [message.id, "dead"]),
    ]);
  };
  expect(fatesIn("dead-letters")).toEqual(fates);
  expect(fatesIn(undefined)).toEqual(fates);
});

test("a full batch leaves at once, the rest when its time is over", async () => {
  const { send, next, time } = await start([{ queue: "a", batchMax: 10 }]);
  await send("a", 12);
  const first = await next();
  expect(first.messages).toHaveLength(10);
  first.answer(acked);
  expect(await time.skip()).toBe(1000);
  expect((await next()).messages).toHaveLength(2);
});

test("a delivery carries no more than 8 MB", async () => {
  const { send, next } = await start([{ queue: "a", batchTimeoutMs: 0 }]);
  await send("a", 100, 120_000);
  const first = await next();
  expect(first.messages).toHaveLength(69);
  first.answer(acked);
  const second = await next();
  expect(second.messages).toHaveLength(31);
});

test("each consumer has one batch of a queue at most, and a queue no more than its concurrency", async () => {
  const { send, next, arrived, dispatcher } = await start(
    [
      { queue: "a", batchMax: 1, concurrencyMax: 2 },
      { queue: "b", batchMax: 1 },
    ],
    3,
  );
  await send("a", 5);
  const ofA = [await next(), await next()];
  await send("b", 5);
  const ofB = [await next(), await next(), await next()];
  expect(new Set(ofA.map(({ consumer }) => consumer)).size).toBe(2);
  expect(ofB.map(({ consumer }) => consumer).toSorted()).toEqual([0, 1, 2]);
  expect(arrived).toEqual([]);
  ofA[1]?.answer(acked);
  const third = await next();
  expect([third.queue, third.consumer]).toEqual(["a", ofA[1]?.consumer]);
  for (const each of [ofA[0], third, ...ofB]) each?.answer(acked);
  await dispatcher.drain();
});

test("a message that fails too often becomes a dead letter with the same id and time", async () => {
  const { send, next, time, store, logged } = await start([
    { queue: "a", batchTimeoutMs: 0, deadLetterQueue: "dead" },
    { queue: "dead", batchTimeoutMs: 0 },
  ]);
  await send("a", 1);
  const seen = [];
  for (const attempt of [1, 2, 3]) {
    const delivery = await next();
    expect(delivery).toMatchObject({ queue: "a", messages: [{ attempts: attempt }] });
    seen.push(delivery.messages[0]);
    time.advance(5000);
    delivery.answer(failed);
  }
  const dead = await next();
  expect(dead).toMatchObject({ queue: "dead", messages: [{ attempts: 1 }] });
  expect(dead.messages[0]?.id).toBe(seen[0]?.id);
  expect(dead.messages[0]?.timestamp).toBe(seen[0]?.timestamp);
  expect(store.countsOf("a").messages).toBe(0);
  expect(store.countsOf("dead").messages).toBe(1);
  expect(logged).toEqual(["messages were tried too often and are dead letters"]);
  dead.answer(acked);
});

test("a consumer that is not there is asked more and more seldom, and no attempt is counted", async () => {
  const { send, next, time, logged } = await start([{ queue: "a", batchTimeoutMs: 0 }]);
  await send("a", 1);
  const pauses: number[] = [];
  for (let times = 0; times < 10; times++) {
    const delivery = await next();
    expect(delivery.messages).toMatchObject([{ attempts: 1 }]);
    delivery.fail(
      new Error("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) }),
    );
    pauses.push(await time.skip());
  }
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  expect(new Set(logged)).toEqual(new Set(["a consumer is not there"]));
  (await next()).answer(acked);
  await send("a", 1);
  expect((await next()).messages).toMatchObject([{ attempts: 1 }]);
});

test.each<[string, (delivery: Delivery) => void]>([
  ["answers nonsense", ({ answer }) => answer({ outcome: 5 })],
  ["answers nothing", ({ answer }) => answer(undefined)],
  [
    "asks for a delay of a year",
    ({ answer }) => answer({ ...acked, retryBatch: { retry: true, delaySeconds: 3e7 } }),
  ],
  [
    "dies over it",
    ({ fail }) => fail(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })),
  ],
])("a batch whose consumer %s comes again, as another attempt", async (_, end) => {
  const { send, next, time, logged } = await start([{ queue: "a", batchTimeoutMs: 0 }]);
  await send("a", 3);
  end(await next());
  await time.skip();
  const again = await next();
  expect(again.messages.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  expect(logged).toEqual(["a consumer broke down over a batch"]);
});

test("a consumer that is away holds up nobody else", async () => {
  const { send, next } = await start([{ queue: "a", batchTimeoutMs: 0, batchMax: 1 }], 2);
  await send("a", 1);
  const first = await next();
  first.fail(Object.assign(new Error(), { code: "ECONNREFUSED" }));
  const second = await next();
  expect(second.consumer).not.toBe(first.consumer);
  expect(second.messages[0]?.id).toBe(first.messages[0]?.id);
});

test("a delivery is over after a quarter of an hour", async () => {
  const { send, next, time } = await start([{ queue: "a", batchTimeoutMs: 0 }]);
  await send("a", 1);
  const first = await next();
  time.advance(15 * 60_000);
  expect(first.signal.aborted).toBe(true);
  await time.skip();
  expect((await next()).messages).toMatchObject([{ attempts: 2 }]);
});

test("whoever stops waits for what is being delivered, and delivers nothing new", async () => {
  const { send, next, dispatcher, arrived, store } = await start([{ queue: "a", batchMax: 1 }]);
  await send("a", 2);
  const first = await next();
  const drained = dispatcher.drain();
  first.answer(acked);
  await drained;
  await send("a", 5);
  expect(store.countsOf("a")).toMatchObject({ messages: 6, inFlight: 0 });
  expect(arrived).toEqual([]);
});
