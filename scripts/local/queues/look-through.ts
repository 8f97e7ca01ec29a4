import type { Level } from "./open-level";
import {
  bodyKey,
  type Counts,
  countsKey,
  numberOfBody,
  type Order,
  orderKey,
  orderValue,
  readBodyValue,
  readOrder,
  type StoreState,
  stateKey,
} from "./queue-records";

/** Bodies that are compared with the orders at once: memory does not grow with the queues. */
const bodiesAtOnce = 200_000;
const operationsAtOnce = 1000;

export type Found = { messages: number; lost: number; foundAgain: number };

/**
 * Makes a store whole after damage. An order without a body is a message that is lost; a body without an order is
 * delivered again. Counts everything anew.
 */
export async function lookThrough(level: Level, nowMs: number): Promise<Found> {
  const counts = new Map<string, Counts>();
  const highest = { number: 0, ms: nowMs };
  const writing = writer(level);
  const lost = await dropOrphans(level, writing, counts, highest);
  const foundAgain = await orderBodies(level, writing, counts, highest, nowMs);
  const state: StoreState = { format: 1, nextNumber: highest.number + 1, highestMs: highest.ms };
  await writing.put(stateKey, Buffer.from(JSON.stringify(state)));
  for await (const key of level.keys(rangeOf("q"))) {
    if (!counts.has(key.toString("latin1", 1))) await writing.del(key);
  }
  for (const [queue, each] of counts) {
    await writing.put(countsKey(queue), Buffer.from(JSON.stringify(each)));
  }
  await writing.end();
  const messages = [...counts.values()].reduce((sum, each) => sum + each.messages, 0);
  return { messages, lost, foundAgain };
}

type Writer = ReturnType<typeof writer>;

/** Everything of one kind. */
const rangeOf = (kind: "o" | "b" | "q") => ({
  gte: Buffer.from(kind),
  lt: Buffer.from(String.fromCharCode(kind.charCodeAt(0) + 1)),
});

async function dropOrphans(
  level: Level,
  writing: Writer,
  counts: Map<string, Counts>,
  highest: { number: number; ms: number },
): Promise<number> {
  let lost = 0;
  for await (const [key, value] of level.iterator(rangeOf("o"))) {
    const order = readOrder(key, value);
    if (!order || !(await level.has(bodyKey(order.body)))) {
      // Where only the order is broken, its body is found again below.
      if (order) lost++;
      await writing.del(key);
      continue;
    }
    highest.number = Math.max(highest.number, order.ticket, order.body);
    highest.ms = Math.max(highest.ms, order.sentMs);
    count(counts, key.toString("latin1", 1, key.indexOf(0)), order);
  }
  await writing.end();
  return lost;
}

async function orderBodies(
  level: Level,
  writing: Writer,
  counts: Map<string, Counts>,
  highest: { number: number; ms: number },
  nowMs: number,
): Promise<number> {
  let foundAgain = 0;
  let from = bodyKey(0);
  for (;;) {
    const numbers: number[] = [];
    for await (const key of level.keys({ ...rangeOf("b"), gte: from, limit: bodiesAtOnce })) {
      numbers.push(numberOfBody(key));
    }
    const last = numbers.at(-1);
    if (last === undefined) return foundAgain;
    highest.number = Math.max(highest.number, last);
    from = bodyKey(last + 1);
    const homeless = new Set(numbers);
    for await (const [key, value] of level.iterator(rangeOf("o"))) {
      const order = readOrder(key, value);
      if (order) homeless.delete(order.body);
    }
    for (const number of homeless) {
      const read = readBodyValue(await level.get(bodyKey(number)));
      if (!read) {
        await writing.del(bodyKey(number));
        continue;
      }
      const bodyBytes = read.message.body.length;
      const times = { dueMs: nowMs, sentMs: nowMs };
      const order = { ...times, ticket: number, body: number, bodyBytes, attempts: 0 };
      const key = orderKey(read.queue, order);
      await writing.put(key, orderValue(key, order));
      count(counts, read.queue, order);
      foundAgain++;
    }
    await writing.end();
  }
}

function count(counts: Map<string, Counts>, queue: string, order: Order): void {
  const { messages, bytes, lowMs } = counts.get(queue) ?? {
    messages: 0,
    bytes: 0,
    lowMs: order.dueMs,
  };
  counts.set(queue, {
    messages: messages + 1,
    bytes: bytes + order.bodyBytes,
    lowMs: Math.min(lowMs, order.dueMs),
  });
}

/** Writes in portions, in the order of the calls. */
function writer(level: Level) {
  type Operation = { type: "put"; key: Buffer; value: Buffer } | { type: "del"; key: Buffer };
  let operations: Operation[] = [];
  const end = async () => {
    const portion = operations;
    operations = [];
    if (portion.length > 0) await level.batch(portion, { sync: true });
  };
  const add = async (operation: Operation) => {
    operations.push(operation);
    if (operations.length >= operationsAtOnce) await end();
  };
  return {
    put: (key: Buffer, value: Buffer) => add({ type: "put", key, value }),
    del: (key: Buffer) => add({ type: "del", key }),
    end,
  };
}
