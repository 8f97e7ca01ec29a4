import type { IncomingMessage, ServerResponse } from "node:http";
import type { WranglerConfig } from "../wrangler-config";
import { type Deliver, type QueueMetrics, startDispatcher } from "./dispatcher";
import type { Log } from "./open-level";
import { type Clock, machineClock } from "./queue-clock";
import { answerQueueRequest } from "./queue-protocol";
import { openQueueStore } from "./queue-store";
import { roomOf } from "./room";

export type QueueStats = {
  queue: string;
  backlogCount: number;
  backlogBytes: number;
  oldestAgeMs: number;
  inFlight: number;
  isRefusing: boolean;
};

export type QueuesOptions = {
  folder: string;
  consumers: WranglerConfig["queues"]["consumers"];
  producers: WranglerConfig["queues"]["producers"];
  consumerCount: number;
  /** Instead of what wrangler.toml says. */
  batchTimeoutSeconds?: number;
  deliver: Deliver;
  /** Of the disk where the folder is. */
  freeBytes(): number | Promise<number>;
  /** Bytes of the disk that are never filled with messages. */
  reserveBytes?: number;
  log: Log;
  clock?: Clock;
};

export type LocalQueues = {
  /** Answers what the queue bindings of workerd ask. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stats(): QueueStats[];
  /** Delivers nothing new, and resolves when all that is being delivered is settled. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

/** The queues of wrangler.toml on one machine: kept on disk, delivered to the consumers. */
export async function openQueues(options: QueuesOptions): Promise<LocalQueues> {
  const { consumers, producers, log, clock = machineClock } = options;
  const delays = new Map(producers.map(({ queue, delivery_delay = 0 }) => [queue, delivery_delay]));
  for (const { queue, dead_letter_queue } of consumers) {
    for (const name of [queue, dead_letter_queue])
      if (name && !delays.has(name)) delays.set(name, 0);
  }
  const names = [...delays.keys()];
  const store = await openQueueStore({ folder: options.folder, queues: names, clock, log });
  const room = roomOf(options.freeBytes, clock, log, options.reserveBytes);
  const metricsOf = (queue: string): QueueMetrics => {
    const { messages, bytes, oldestAgeMs } = store.countsOf(queue);
    const oldestMessageTimestamp = messages > 0 ? Math.floor(clock.wallMs() - oldestAgeMs) : 0;
    return { backlogCount: messages, backlogBytes: bytes, oldestMessageTimestamp };
  };
  const { deliver } = options;
  const dispatcher = startDispatcher(
    { store, deliver, clock, log, metricsOf },
    consumers.map((consumer) => ({
      queue: consumer.queue,
      batchMax: consumer.max_batch_size,
      batchTimeoutMs: 1000 * (options.batchTimeoutSeconds ?? consumer.max_batch_timeout),
      concurrencyMax: consumer.max_concurrency,
      retriesMax: consumer.max_retries,
      retryDelaySeconds: consumer.retry_delay ?? 0,
      deadLetterQueue: consumer.dead_letter_queue,
    })),
    options.consumerCount,
  );
  const door = {
    delayOf: (queue: string) => delays.get(queue),
    refusalOf: room.refusalOf,
    metricsOf,
    send: async (queue: string, messages: Parameters<typeof store.send>[1]) => {
      await store.send(queue, messages);
      dispatcher.wake(queue);
    },
  };
  return {
    handle: (request, response) => answerQueueRequest(door, request, response),
    stats: () =>
      names.map((queue) => {
        const { messages, bytes, oldestAgeMs, inFlight } = store.countsOf(queue);
        const isRefusing = room.isRefusing(queue);
        return {
          queue,
          backlogCount: messages,
          backlogBytes: bytes,
          oldestAgeMs,
          inFlight,
          isRefusing,
        };
      }),
    drain: () => dispatcher.drain(),
    close: async () => {
      await dispatcher.drain();
      await store.close();
    },
  };
}
