import type { Level } from "./open-level";
import { type Counts, countsKey, type Order, type StoreState, stateKey } from "./queue-records";
import { addOrder, emptyWindow, type ReadyWindow } from "./ready-window";
import type { Change, Operation } from "./store-change";

/** A queue, as far as it is in memory. */
export type Queue = {
  name: string;
  window: ReadyWindow;
  counts: Counts;
  /** By ticket. What is here is on disk, and in no window. */
  inFlight: Map<number, Order>;
};

export type Queues = ReadonlyMap<string, Queue>;

export const emptyQueues = (names: string[]): Queues =>
  new Map(
    names.map((name) => [
      name,
      {
        name,
        window: emptyWindow(undefined),
        counts: { messages: 0, bytes: 0, lowMs: 0 },
        inFlight: new Map(),
      },
    ]),
  );

export function queueIn(queues: Queues, name: string): Queue {
  const queue = queues.get(name);
  if (!queue) throw new Error(`There is no queue ${name}.`);
  return queue;
}

/** Forgets what was in memory, but not what is in flight, and takes the counts from disk. */
export async function loadCounts(queues: Queues, level: Level, nowMs: number): Promise<void> {
  for (const queue of queues.values()) {
    const counts = (await readJson(level, countsKey(queue.name))) as Counts | undefined;
    queue.counts = counts ?? { messages: 0, bytes: 0, lowMs: nowMs };
    queue.window = emptyWindow(counts && { dueMs: counts.lowMs, ticket: 0 });
  }
}

export const readState = (level: Level): Promise<StoreState | undefined> =>
  readJson(level, stateKey) as Promise<StoreState | undefined>;

async function readJson(level: Level, key: Buffer): Promise<unknown> {
  const value = await level.get(key);
  return value && JSON.parse(value.toString());
}

/** What is counted, as it will be when the changes are on disk: written together with them. */
export function summarize(
  queues: Queues,
  changes: Change[],
  state: StoreState,
): { operations: Operation[]; apply(): void } {
  const next = new Map<Queue, Counts>();
  for (const name of new Set(
    changes.flatMap(({ puts, removes }) => [...puts.keys(), ...removes.keys()]),
  )) {
    const queue = queueIn(queues, name);
    next.set(queue, countsAfter(queue, changes, state.highestMs));
  }
  return {
    operations: [
      jsonPut(stateKey, state),
      ...[...next].map(([queue, counts]) => jsonPut(countsKey(queue.name), counts)),
    ],
    apply: () => {
      for (const [queue, counts] of next) queue.counts = counts;
      for (const change of changes) applyOrders(queues, change);
    },
  };
}

const jsonPut = (key: Buffer, value: unknown): Operation => ({
  type: "put",
  key,
  value: Buffer.from(JSON.stringify(value)),
});

function countsAfter(queue: Queue, changes: Change[], nowMs: number): Counts {
  let { messages, bytes, lowMs } = queue.counts;
  const removed = new Set<number>();
  let lowestPutMs = Number.POSITIVE_INFINITY;
  for (const { puts, removes } of changes) {
    for (const { bodyBytes, dueMs } of puts.get(queue.name) ?? []) {
      messages++;
      bytes += bodyBytes;
      lowestPutMs = Math.min(lowestPutMs, dueMs);
    }
    for (const { bodyBytes, ticket } of removes.get(queue.name) ?? []) {
      messages--;
      bytes -= bodyBytes;
      removed.add(ticket);
    }
  }
  if (removed.size > 0 || queue.counts.messages === 0) lowMs = lowestOf(queue, removed) ?? nowMs;
  return { messages, bytes, lowMs: Math.min(lowMs, lowestPutMs) };
}

function lowestOf({ window, inFlight }: Queue, removed: Set<number>): number | undefined {
  const first = window.orders[0] ?? window.end;
  let lowestMs = first?.dueMs ?? Number.POSITIVE_INFINITY;
  for (const { ticket, dueMs } of inFlight.values()) {
    if (!removed.has(ticket)) lowestMs = Math.min(lowestMs, dueMs);
  }
  return Number.isFinite(lowestMs) ? lowestMs : undefined;
}

function applyOrders(queues: Queues, change: Change): void {
  forgetInFlight(queues, change);
  for (const [name, orders] of change.puts) {
    const { window } = queueIn(queues, name);
    for (const order of orders) addOrder(window, order);
  }
}

/** What a change did to the disk is known; what it took away is in flight no more. */
export function forgetInFlight(queues: Queues, { removes }: Change): void {
  for (const [name, orders] of removes) {
    const { inFlight } = queueIn(queues, name);
    for (const { ticket } of orders) inFlight.delete(ticket);
  }
}
