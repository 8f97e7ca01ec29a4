import { minuteMs } from "../../../src/protocol/durations";
import { type Log, reasonOf } from "./open-level";
import type { Clock } from "./queue-clock";
import type { StoredMessage } from "./queue-records";
import type { Outlook, QueueStore, Taken } from "./queue-store";
import {
  brokenDelivery,
  type DeliveryResult,
  type RetrySettings,
  readDeliveryResult,
  settlementOf,
} from "./settlement";

export type QueueMetrics = {
  backlogCount: number;
  backlogBytes: number;
  oldestMessageTimestamp: number;
};

/**
 * Brings a batch to a consumer and resolves with its answer. A rejection whose `code` says that nobody was there is no
 * attempt at delivery.
 */
export type Deliver = (
  consumer: number,
  queue: string,
  messages: (StoredMessage & { attempts: number })[],
  metrics: QueueMetrics,
  signal: AbortSignal,
) => Promise<unknown>;

export type LineSettings = RetrySettings & {
  queue: string;
  batchMax: number;
  batchTimeoutMs: number;
  concurrencyMax: number;
};

/** A delivery that takes longer is over. */
const deliveryMsMax = 15 * minuteMs;
/** Bodies of a delivery, together. */
const deliveryBytesMax = 8 * 1024 * 1024;
/** How long a consumer is left alone that was not there, or broke down. */
const backOffMsMin = 100;
const backOffMsMax = 10_000;
const storeFailedMs = 1000;

/** Nobody was there to hear: the message was not delivered. */
const unreachedCodes = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

type Consumer = { number: number; busyWith: Set<string>; backOffMs: number; awayUntilMs: number };
type Line = {
  settings: LineSettings;
  running: number;
  isLooking: boolean;
  looksAgain: boolean;
  cancelTimer(): void;
};
type Dispatch = {
  store: QueueStore;
  deliver: Deliver;
  clock: Clock;
  log: Log;
  metricsOf(queue: string): QueueMetrics;
  consumers: Consumer[];
  lines: Map<string, Line>;
  running: Set<Promise<void>>;
  isPaused: boolean;
};

export type Dispatcher = { wake(queue: string): void; drain(): Promise<void> };

/** Takes messages out of the store in batches and brings them to the consumers. */
export function startDispatcher(
  parts: Pick<Dispatch, "store" | "deliver" | "clock" | "log" | "metricsOf">,
  settings: LineSettings[],
  consumerCount: number,
): Dispatcher {
  const dispatch: Dispatch = {
    ...parts,
    consumers: Array.from({ length: consumerCount }, (_, number) => ({
      number,
      busyWith: new Set(),
      backOffMs: 0,
      awayUntilMs: 0,
    })),
    lines: new Map(settings.map((each) => [each.queue, newLine(each)])),
    running: new Set(),
    isPaused: false,
  };
  for (const line of dispatch.lines.values()) void look(dispatch, line);
  return {
    wake: (queue) => wake(dispatch, queue),
    drain: async () => {
      dispatch.isPaused = true;
      for (const line of dispatch.lines.values()) line.cancelTimer();
      while (dispatch.running.size > 0) await Promise.all(dispatch.running);
    },
  };
}

const newLine = (settings: LineSettings): Line => ({
  settings,
  running: 0,
  isLooking: false,
  looksAgain: false,
  cancelTimer: () => undefined,
});

function wake(dispatch: Dispatch, queue: string): void {
  const line = dispatch.lines.get(queue);
  if (line) void look(dispatch, line);
}

/** Looks for something to deliver until there is nothing; one at a time for each queue. */
async function look(dispatch: Dispatch, line: Line): Promise<void> {
  line.looksAgain = true;
  if (line.isLooking) return;
  line.isLooking = true;
  try {
    while (line.looksAgain && !dispatch.isPaused) {
      line.looksAgain = false;
      line.cancelTimer();
      const waitMs = await step(dispatch, line);
      if (waitMs === 0) line.looksAgain = true;
      else if (waitMs !== undefined) later(dispatch, line, waitMs);
    }
  } catch (error) {
    const queue = line.settings.queue;
    dispatch.log("error", "a queue could not be read", { queue, reason: reasonOf(error) });
    later(dispatch, line, storeFailedMs);
  } finally {
    line.isLooking = false;
  }
}

function later(dispatch: Dispatch, line: Line, waitMs: number): void {
  line.cancelTimer();
  if (!dispatch.isPaused)
    line.cancelTimer = dispatch.clock.after(waitMs, () => void look(dispatch, line));
}

/** When to look again: at once, after so many milliseconds, or when something happens. */
async function step(dispatch: Dispatch, line: Line): Promise<number | undefined> {
  const { queue, batchMax, concurrencyMax } = line.settings;
  if (line.running >= Math.min(concurrencyMax, dispatch.consumers.length)) return undefined;
  const idle = dispatch.consumers.filter(({ busyWith }) => !busyWith.has(queue));
  const steadyMs = dispatch.clock.steadyMs();
  const there = idle.filter(({ awayUntilMs }) => awayUntilMs <= steadyMs);
  const [consumer] = there.toSorted((a, b) => a.busyWith.size - b.busyWith.size);
  if (!consumer) {
    const backMs = Math.min(...idle.map(({ awayUntilMs }) => awayUntilMs));
    return Number.isFinite(backMs) ? Math.max(1, Math.ceil(backMs - steadyMs)) : undefined;
  }
  const waitMs = untilBatch(await dispatch.store.outlook(queue, batchMax), line.settings);
  if (waitMs !== 0 || dispatch.isPaused) return waitMs;
  // In one breath with what was just seen, so that a graceful stop finds all that is under way.
  const work = deliverNext(dispatch, line, consumer).finally(() => dispatch.running.delete(work));
  dispatch.running.add(work);
  return 0;
}

/** 0: a batch is full or has waited long enough. undefined: there is nothing. */
export function untilBatch(
  { due, firstDueMs, nowMs }: Outlook,
  { batchMax, batchTimeoutMs }: Pick<LineSettings, "batchMax" | "batchTimeoutMs">,
): number | undefined {
  if (firstDueMs === undefined) return undefined;
  return due >= batchMax ? 0 : Math.max(0, firstDueMs + batchTimeoutMs - nowMs);
}

async function deliverNext(dispatch: Dispatch, line: Line, consumer: Consumer): Promise<void> {
  const { queue, batchMax } = line.settings;
  consumer.busyWith.add(queue);
  line.running++;
  let waitMs = 0;
  try {
    const batch = await dispatch.store.take(queue, batchMax, deliveryBytesMax);
    if (batch.length > 0) await deliverBatch(dispatch, line, consumer, batch);
  } catch (error) {
    const reason = reasonOf(error);
    dispatch.log("error", "a batch could not be taken or settled", { queue, reason });
    waitMs = storeFailedMs;
  } finally {
    consumer.busyWith.delete(queue);
    line.running--;
    if (waitMs === 0) wake(dispatch, queue);
    else later(dispatch, line, waitMs);
  }
}

async function deliverBatch(
  dispatch: Dispatch,
  { settings }: Line,
  consumer: Consumer,
  batch: Taken[],
): Promise<void> {
  const { store, log } = dispatch;
  const { queue } = settings;
  let result: DeliveryResult;
  let retry: RetrySettings = settings;
  try {
    result = readDeliveryResult(await bring(dispatch, queue, consumer, batch));
  } catch (error) {
    leaveAlone(dispatch, consumer);
    const fields = { queue, consumer: consumer.number, reason: reasonOf(error) };
    if (isUnreached(error)) {
      log("warn", "a consumer is not there", fields);
      return store.release(queue, batch);
    }
    log("error", "a consumer broke down over a batch", { ...fields, messages: batch.length });
    result = brokenDelivery;
    retry = { ...settings, retryDelaySeconds: consumer.backOffMs / 1000 };
  }
  if (result !== brokenDelivery) consumer.backOffMs = 0;
  const { dropped, ...settlement } = settlementOf(batch, result, retry);
  for (const [words, given] of [
    [
      "messages were tried too often and are dead letters",
      settlement.moved.map(({ taken }) => taken),
    ],
    ["messages were tried too often and are dropped", dropped],
  ] as const) {
    if (given.length === 0) continue;
    const ids = given.slice(0, 10).map(({ message }) => message.id);
    log("error", words, { queue, messages: given.length, ids });
  }
  await store.settle(queue, { ...settlement, acked: [...settlement.acked, ...dropped] });
  if (settlement.moved.length > 0) wake(dispatch, settings.deadLetterQueue ?? "");
}

async function bring(
  { deliver, clock, metricsOf }: Dispatch,
  queue: string,
  consumer: Consumer,
  batch: Taken[],
): Promise<unknown> {
  const deadline = new AbortController();
  const messages = batch.map(({ message, order }) => ({
    ...message,
    attempts: order.attempts + 1,
  }));
  const isOver = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener("abort", () => reject(deadline.signal.reason as Error));
  });
  const cancel = clock.after(deliveryMsMax, () =>
    deadline.abort(new Error(`A delivery takes at most ${deliveryMsMax / minuteMs} minutes.`)),
  );
  try {
    const delivery = deliver(consumer.number, queue, messages, metricsOf(queue), deadline.signal);
    return await Promise.race([delivery, isOver]);
  } finally {
    cancel();
  }
}

function leaveAlone({ clock }: Dispatch, consumer: Consumer): void {
  const doubled = Math.max(backOffMsMin, 2 * consumer.backOffMs);
  consumer.backOffMs = Math.min(backOffMsMax, doubled);
  consumer.awayUntilMs = clock.steadyMs() + consumer.backOffMs;
}

function isUnreached(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return (code !== undefined && unreachedCodes.has(code)) || (cause ? isUnreached(cause) : false);
}
