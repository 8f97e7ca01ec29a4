import { randomUUID } from "node:crypto";
import { lookThrough } from "./look-through";
import { type Level, type Log, openLevel, reasonOf, shortenProtocol } from "./open-level";
import { type Clock, queueClock } from "./queue-clock";
import {
  bodyKey,
  bodyValue,
  type ContentType,
  type Order,
  orderKey,
  pastOrderKey,
  readBodyValue,
  readOrder,
  type StoredMessage,
} from "./queue-records";
import { addOrder, countDue, type Place, refillMax, refillWindow, takeDue } from "./ready-window";
import { emptyChange, putOrder, removeOrder, write } from "./store-change";
import {
  emptyQueues,
  forgetInFlight,
  loadCounts,
  type Queue,
  type Queues,
  queueIn,
  readState,
  summarize,
} from "./store-state";
import { type StoreWriter, storeWriter } from "./store-writer";

export type NewMessage = { contentType: ContentType; body: Uint8Array; delaySeconds: number };

/** A message that is being delivered. */
export type Taken = { order: Order; message: StoredMessage };

export type Settlement = {
  acked: Taken[];
  retried: { taken: Taken; delaySeconds: number }[];
  /** To another queue, with the same id, time and body. */
  moved: { taken: Taken; to: string }[];
};

export type QueueCounts = {
  /** What is stored, with what is being delivered. */
  messages: number;
  bytes: number;
  inFlight: number;
  /** Of the messages that are next or being delivered. */
  oldestAgeMs: number;
};

/** What a queue has for delivery. */
export type Outlook = { due: number; firstDueMs: number | undefined; nowMs: number };

export type StoreOptions = {
  folder: string;
  queues: string[];
  clock: Clock;
  log: Log;
};

type Store = StoreOptions & {
  level: Level;
  now(): number;
  nextNumber: number;
  all: Queues;
  writer: StoreWriter;
  /** Bodies that were deleted since somebody last looked how much room they take. */
  garbageBytes: number;
  isGivingBack: boolean;
};

/** Of what was acknowledged, so much may lie on disk before somebody looks. */
const garbageBytesMax = 64 * 1024 * 1024;
/** Beside twice of what waits, so much is left to LevelDB, which gives it back in its own time. */
const slackBytesMax = 8 * 1024 * 1024;

export type QueueStore = Awaited<ReturnType<typeof openQueueStore>>;

/**
 * Queues on disk. What is sent is there, synced, before its promise resolves; what is taken stays there until it is
 * settled, and comes again after a restart.
 */
export async function openQueueStore(options: StoreOptions) {
  const store = {
    ...options,
    all: emptyQueues(options.queues),
    nextNumber: 1,
    garbageBytes: 0,
    isGivingBack: false,
  } as Store;
  store.now = queueClock(options.clock, 0);
  await load(store, false);
  await warnOfOthers(store);
  store.writer = storeWriter({
    clock: options.clock,
    log: options.log,
    level: () => store.level,
    summarize: (changes) => {
      const { nextNumber } = store;
      return summarize(store.all, changes, { format: 1, nextNumber, highestMs: store.now() });
    },
    reopen: async (isDamaged) => {
      await store.level.close();
      await load(store, isDamaged);
    },
    wasDone: (change) => forgetInFlight(store.all, change),
  });
  return {
    send: (queue: string, messages: NewMessage[]) => send(store, queue, messages),
    settle: (queue: string, settlement: Settlement) => settle(store, queue, settlement),
    release: (queue: string, taken: Pick<Taken, "order">[]) => release(store, queue, taken),
    outlook: (queue: string, wanted: number) => outlook(store, queue, wanted),
    take: (queue: string, messages: number, bytes: number) => take(store, queue, messages, bytes),
    countsOf: (queue: string) => countsOf(queueIn(store.all, queue), store.now()),
    close: async () => {
      await store.writer.close();
      await store.level.close();
    },
  };
}

async function load(store: Store, isDamaged: boolean): Promise<void> {
  const { folder, log, clock } = store;
  const { level, isSound } = await openLevel(folder, log, isDamaged);
  store.level = level;
  let state = await readState(level);
  if (state && state.format !== 1) {
    await level.close();
    throw new Error(`The queues in ${folder} were written by a newer version.`);
  }
  if (!isSound || (!state && (await level.keys({ limit: 1 }).all()).length > 0)) {
    const found = await lookThrough(level, Math.max(store.now(), state?.highestMs ?? 0));
    log("warn", "the queues on disk were looked through", found);
    state = await readState(level);
  }
  store.now = queueClock(clock, Math.max(state?.highestMs ?? 0, store.now()));
  store.nextNumber = Math.max(store.nextNumber, state?.nextNumber ?? 1);
  await loadCounts(store.all, level, store.now());
}

/** A queue that was taken out of the configuration may still have messages, which nobody will get. */
async function warnOfOthers({ level, all, log }: Store): Promise<void> {
  for await (const [key, value] of level.iterator({
    gte: Buffer.from("q"),
    lt: Buffer.from("r"),
  })) {
    const queue = key.toString("latin1", 1);
    const { messages } = JSON.parse(value.toString()) as { messages: number };
    if (messages > 0 && !all.has(queue)) {
      log("warn", "a queue that wrangler.toml no longer names has messages", { queue, messages });
    }
  }
}

function send(store: Store, name: string, messages: NewMessage[]): Promise<void> {
  queueIn(store.all, name);
  const sentMs = store.now();
  const timestamp = Math.max(0, Math.floor(store.clock.wallMs()));
  const change = emptyChange(true);
  for (const { contentType, body, delaySeconds } of messages) {
    const number = store.nextNumber++;
    const id = randomUUID().replaceAll("-", "");
    write(change, bodyKey(number), bodyValue(name, { id, timestamp, contentType, body }));
    putOrder(change, name, {
      dueMs: sentMs + Math.round(delaySeconds * 1000),
      ticket: number,
      body: number,
      bodyBytes: body.length,
      attempts: 0,
      sentMs,
    });
  }
  return store.writer.write(change);
}

async function settle(store: Store, name: string, settlement: Settlement): Promise<void> {
  const change = emptyChange(settlement.moved.length > 0);
  const nowMs = store.now();
  for (const { order } of settlement.acked) {
    removeOrder(change, name, order);
    change.operations.push({ type: "del", key: bodyKey(order.body) });
  }
  for (const { taken, delaySeconds } of settlement.retried) {
    const { order } = taken;
    removeOrder(change, name, order);
    const dueMs = nowMs + Math.round(delaySeconds * 1000);
    const attempts = order.attempts + 1;
    putOrder(change, name, { ...order, dueMs, attempts, ticket: store.nextNumber++ });
  }
  for (const { taken, to } of settlement.moved) {
    queueIn(store.all, to);
    removeOrder(change, name, taken.order);
    const ticket = store.nextNumber++;
    putOrder(change, to, { ...taken.order, dueMs: nowMs, attempts: 0, ticket });
  }
  if (change.unlessGone) await store.writer.write(change);
  for (const { order } of settlement.acked) store.garbageBytes += order.bodyBytes;
  if (store.garbageBytes >= garbageBytesMax) void giveBack(store);
}

/** LevelDB takes its time to give the room of what was deleted back to the disk; after a long queue that is much. */
async function giveBack(store: Store): Promise<void> {
  if (store.isGivingBack) return;
  store.isGivingBack = true;
  const { level, log } = store;
  const range = [bodyKey(0), bodyKey(store.nextNumber)] as const;
  try {
    shortenProtocol(store.folder);
    while (store.garbageBytes >= garbageBytesMax) {
      store.garbageBytes = 0;
      let liveBytes = 0;
      for (const { counts } of store.all.values()) liveBytes += counts.bytes;
      const diskBytes = await level.approximateSize(...range);
      if (diskBytes > 2 * liveBytes + slackBytesMax) await level.compactRange(...range);
    }
  } catch (error) {
    log("warn", "the queues could not be made smaller", { reason: reasonOf(error) });
  } finally {
    store.isGivingBack = false;
  }
}

/** Puts back what never reached a consumer. */
function release(store: Store, name: string, taken: Pick<Taken, "order">[]): void {
  const { inFlight, window } = queueIn(store.all, name);
  for (const { order } of taken) {
    inFlight.delete(order.ticket);
    addOrder(window, order);
  }
}

/** Looks onto the disk only where memory does not know as many as are wanted. */
async function outlook(store: Store, name: string, wanted: number): Promise<Outlook> {
  const queue = queueIn(store.all, name);
  if (queue.window.end && countDue(queue.window, store.now()) < wanted) {
    await store.writer.between(() => refill(store, queue));
  }
  const nowMs = store.now();
  const due = countDue(queue.window, nowMs);
  return { due, firstDueMs: queue.window.orders[0]?.dueMs, nowMs };
}

async function refill({ level }: Store, { window, name, inFlight }: Queue): Promise<void> {
  if (!window.end) return;
  const range = { gte: orderKey(name, window.end), lt: pastOrderKey(name), limit: refillMax };
  const entries = await level.iterator(range).all();
  const orders = entries.map(([key, value]) => readOrder(key, value) ?? broken(name));
  const last = orders.at(-1);
  const end: Place | undefined =
    last && orders.length >= refillMax ? { dueMs: last.dueMs, ticket: last.ticket + 1 } : undefined;
  refillWindow(
    window,
    orders.filter(({ ticket }) => !inFlight.has(ticket)),
    end,
  );
}

function broken(queue: string): never {
  const error = new Error(`An order of the queue ${queue} is not what was written.`);
  throw Object.assign(error, { code: "LEVEL_CORRUPTION" });
}

/** Takes what is due. Messages whose bodies cannot be read are lost, and that is said. */
async function take(store: Store, name: string, messages: number, bytes: number): Promise<Taken[]> {
  const { window, inFlight } = queueIn(store.all, name);
  const orders = takeDue(window, store.now(), { messages, bytes });
  for (const order of orders) inFlight.set(order.ticket, order);
  let values: (Buffer | undefined)[];
  try {
    values = await store.level.getMany(orders.map(({ body }) => bodyKey(body)));
  } catch (error) {
    release(
      store,
      name,
      orders.map((order) => ({ order })),
    );
    store.writer.readFailed(error);
    throw error;
  }
  const [taken, lost]: [Taken[], Taken[]] = [[], []];
  for (const [index, order] of orders.entries()) {
    const message = readBodyValue(values[index])?.message;
    if (message) taken.push({ order, message });
    else lost.push({ order, message: nothing });
  }
  if (lost.length > 0) {
    const sentAt = lost.slice(0, 10).map(({ order }) => new Date(order.sentMs).toISOString());
    const fields = { queue: name, messages: lost.length, sentAt };
    store.log("error", "messages are lost: their bodies on disk cannot be read", fields);
    await settle(store, name, { acked: lost, retried: [], moved: [] });
  }
  return taken;
}

const nothing: StoredMessage = {
  id: "",
  timestamp: 0,
  contentType: "bytes",
  body: new Uint8Array(),
};

function countsOf({ counts, window, inFlight }: Queue, nowMs: number): QueueCounts {
  // Right after a start memory is empty: nothing is older than what is due first.
  let oldestMs = window.end && counts.messages > 0 ? counts.lowMs : nowMs;
  for (const { sentMs } of window.orders) oldestMs = Math.min(oldestMs, sentMs);
  for (const { sentMs } of inFlight.values()) oldestMs = Math.min(oldestMs, sentMs);
  return {
    messages: counts.messages,
    bytes: counts.bytes,
    inFlight: inFlight.size,
    oldestAgeMs: Math.max(0, nowMs - oldestMs),
  };
}
