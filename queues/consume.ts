import type { Deps } from "../src/deps";
import { Fault } from "../src/fault";
import { isUnavailable } from "../src/platform/database";
import { reasonOf } from "../src/platform/logger";
import { catalog, type MessageOf, type QueueName, unpackEnvelope } from "./catalog";
import { keepDeadLetter } from "./dead-letters";

/** What could not be done for one message of a batch, by its place; the others are done. */
export type Failure = { index: number; error: unknown };

export type Consumer<Q extends QueueName> = {
  queue: Q;
  /** Does the work for all messages. A throw concerns them all, a returned failure only its own. */
  work(deps: Deps, messages: MessageOf<Q>[]): Promise<Failure[]>;
};

export const consumer = <Q extends QueueName>(
  queue: Q,
  work: Consumer<Q>["work"],
): Consumer<Q> => ({
  queue,
  work,
});

/** A message that fails by its own fault is given up after this many deliveries. */
const attemptsMax = 5;
const retryDelaySecondsMax = 600;

type Delivery = { message: Message; body: unknown };

/**
 * The one loop that parses, hands over, acknowledges, retries and gives up. When the outside world is down
 * everything waits; a message that spoils its batch is found by halving and does not drag its neighbours along.
 */
export async function consume<Q extends QueueName>(
  deps: Deps,
  { queue, work }: Consumer<Q>,
  messages: readonly Message[],
): Promise<void> {
  const started = +deps.now();
  const readable: Delivery[] = [];
  for (const message of messages) {
    try {
      readable.push({ message, body: parse(queue, message.body) });
    } catch (error) {
      await giveUp(deps, queue, message, error);
    }
  }
  const failed = await deliver(deps, work, readable);
  const failedMessages = new Set(failed.map(({ message }) => message));
  for (const { message } of readable) if (!failedMessages.has(message)) message.ack();
  for (const { message, error } of failed) await settle(deps, queue, message, error);
  deps.log(failed.length > 0 ? "warn" : "info", "batch consumed", {
    queue,
    messages: messages.length,
    failed: failed.length,
    durationMs: +deps.now() - started,
    ...(failed[0] && { reason: reasonOf(failed[0].error) }),
  });
}

function parse(queue: QueueName, body: unknown): unknown {
  if (queue !== "envelopes") return catalog[queue].parse(body);
  return unpackEnvelope(new Uint8Array(body as ArrayBuffer));
}

async function deliver(
  deps: Deps,
  work: Consumer<QueueName>["work"],
  deliveries: Delivery[],
): Promise<{ message: Message; error: unknown }[]> {
  if (deliveries.length === 0) return [];
  try {
    const failures = await work(deps, deliveries.map(({ body }) => body) as MessageOf<QueueName>[]);
    return failures.flatMap(({ index, error }) => {
      const message = deliveries[index]?.message;
      return message ? [{ message, error }] : [];
    });
  } catch (error) {
    if (deliveries.length === 1 || isOutage(error)) {
      return deliveries.map(({ message }) => ({ message, error }));
    }
    const middle = Math.ceil(deliveries.length / 2);
    return [
      ...(await deliver(deps, work, deliveries.slice(0, middle))),
      ...(await deliver(deps, work, deliveries.slice(middle))),
    ];
  }
}

const isOutage = (error: unknown) =>
  isUnavailable(error) || (error instanceof Fault && error.worthRetrying);

async function settle(
  deps: Deps,
  queue: QueueName,
  message: Message,
  error: unknown,
): Promise<void> {
  if (!isOutage(error) && message.attempts >= attemptsMax) {
    return giveUp(deps, queue, message, error);
  }
  const delaySeconds = Math.min(retryDelaySecondsMax, 2 ** Math.min(message.attempts, 10));
  message.retry({ delaySeconds });
}

async function giveUp(deps: Deps, queue: string, message: Message, error: unknown): Promise<void> {
  try {
    await keepDeadLetter(deps, {
      queue,
      body: message.body,
      reason: reasonOf(error),
      attempts: message.attempts,
    });
    message.ack();
  } catch (failure) {
    deps.log("error", "a dead letter could not be kept", { queue, reason: reasonOf(failure) });
    message.retry({ delaySeconds: retryDelaySecondsMax });
  }
}
