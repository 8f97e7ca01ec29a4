import { z } from "zod";
import { daySeconds } from "../../../src/protocol/durations";
import type { Settlement, Taken } from "./queue-store";

const delaySeconds = z.number().min(0).max(daySeconds).optional();

/** What a consumer says of a batch, in workerd's words. */
const DeliveryResult = z.object({
  outcome: z.string(),
  retryBatch: z.object({ retry: z.boolean(), delaySeconds }),
  ackAll: z.boolean(),
  retryMessages: z
    .array(z.object({ msgId: z.string(), delaySeconds }))
    .max(1000)
    .default([]),
  explicitAcks: z.array(z.string()).max(1000).default([]),
});
export type DeliveryResult = z.output<typeof DeliveryResult>;

/** What a consumer answered; throws when it makes no sense. */
export const readDeliveryResult = (answer: unknown): DeliveryResult => DeliveryResult.parse(answer);

/** The consumer broke down: all that it did not speak of comes again. */
export const brokenDelivery: DeliveryResult = {
  outcome: "exception",
  retryBatch: { retry: false },
  ackAll: false,
  retryMessages: [],
  explicitAcks: [],
};

export type RetrySettings = {
  retriesMax: number;
  retryDelaySeconds: number;
  deadLetterQueue: string | undefined;
};

/**
 * What becomes of each message of a batch. What the consumer said of one message goes before what it said of all, and
 * that before how it ended. `dropped` were tried too often, and have no dead letter queue.
 */
export function settlementOf(
  batch: Taken[],
  result: DeliveryResult,
  settings: RetrySettings,
): Settlement & { dropped: Taken[] } {
  const settlement: Settlement & { dropped: Taken[] } = {
    acked: [],
    retried: [],
    moved: [],
    dropped: [],
  };
  const acks = new Set(result.explicitAcks);
  const retries = new Map(result.retryMessages.map((retry) => [retry.msgId, retry.delaySeconds]));
  const isRetried = result.retryBatch.retry || (result.outcome !== "ok" && !result.ackAll);
  const batchDelay = result.retryBatch.delaySeconds ?? settings.retryDelaySeconds;
  for (const taken of batch) {
    const { id } = taken.message;
    if (acks.has(id) || !(retries.has(id) || isRetried)) settlement.acked.push(taken);
    else if (taken.order.attempts < settings.retriesMax) {
      settlement.retried.push({ taken, delaySeconds: retries.get(id) ?? batchDelay });
    } else if (settings.deadLetterQueue !== undefined) {
      settlement.moved.push({ taken, to: settings.deadLetterQueue });
    } else settlement.dropped.push(taken);
  }
  return settlement;
}
