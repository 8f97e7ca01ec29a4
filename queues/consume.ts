import type { Deps } from "../src/deps";
import { Fault } from "../src/fault";
import {
  isBusy,
  isRefused,
  isSchemaMismatch,
  isUnavailable,
  type Turn,
} from "../src/platform/database";
import { randomPercent } from "../src/platform/ids";
import { reasonOf } from "../src/platform/logger";
import { hourMs } from "../src/protocol/durations";
import { catalog, type MessageOf, type QueueName, unpackEnvelope } from "./catalog";
import { keepDeadLetter } from "./dead-letters";

export type Consumer<Q extends QueueName, Task = unknown> = {
  queue: Q;
  /** Done once per message, however often its batch is cut. A throw concerns this message alone. */
  prepare(deps: Deps, message: MessageOf<Q>): Promise<Task>;
  /** How much a task weighs in memory, at most. */
  bytesOf(task: Task): number;
  /** Stores tasks together or not at all: a throw concerns them all. */
  commit(deps: Deps, tasks: Task[], turn: Turn): Promise<void>;
};

export const consumer = <Q extends QueueName, Task>(
  queue: Q,
  work: Omit<Consumer<Q, Task>, "queue">,
): Consumer<Q, Task> => ({ queue, ...work });

/** A message that fails by its own fault is given up after this many deliveries. */
const attemptsMax = 5;
/** What the database refuses may be our own mistake: a release or a migration later it goes through. */
const refusedMsMax = hourMs;
/** With the delays below these are more than an hour, also for a message that was old when it first came. */
const refusedAttemptsMax = 14;
const retryDelaySecondsMax = 600;
/** Whoever was sent away this often stands in line. */
const turnedAwayMax = 4;
/** Tasks of a batch that are in memory at the same time; an isolate has 128 MB. */
const sliceBytesMax = 16 * 1024 * 1024;
/** After so many messages whose bodies could not be fetched the others need not be tried. */
const unreadMax = 3;

type Ready = { message: Message; task: unknown };
type Failed = { message: Message; error: unknown };

const waiting = ({ message }: { message: Message }): Failed => ({
  message,
  error: new Fault("unavailable", "Something outside is away, as others of the batch found."),
});

/**
 * The one loop that parses, hands over, acknowledges, retries and gives up. When the outside world is down
 * everything waits; a message that spoils its batch is found by halving and does not drag its neighbours along.
 */
export async function consume<Q extends QueueName>(
  deps: Deps,
  work: Consumer<Q>,
  messages: readonly Message[],
): Promise<void> {
  const started = +deps.now();
  const failed: Failed[] = [];
  let slice: Ready[] = [];
  let bytes = 0;
  let unread = 0;
  let isDown = false;
  const finishSlice = async () => {
    const lost = isDown ? slice.map(waiting) : await deliver(deps, work, slice);
    const lostMessages = new Set(lost.map(({ message }) => message));
    for (const { message } of slice) if (!lostMessages.has(message)) message.ack();
    failed.push(...lost);
    isDown ||= lost.some(({ error }) => isOutage(error));
    [slice, bytes] = [[], 0];
  };
  for (const message of messages) {
    if (isDown || unread >= unreadMax) {
      failed.push(waiting({ message }));
      continue;
    }
    const body = await parse(deps, work.queue, message);
    if (body === undefined) continue;
    try {
      const task = await work.prepare(deps, body as MessageOf<Q>);
      const weight = work.bytesOf(task);
      if (bytes + weight > sliceBytesMax && slice.length > 0) await finishSlice();
      slice.push({ message, task });
      bytes += weight;
    } catch (error) {
      failed.push({ message, error });
      if (isOutage(error)) unread++;
    }
  }
  await finishSlice();
  for (const { message, error } of failed) await settle(deps, work.queue, message, error);
  deps.log(failed.length > 0 ? "warn" : "info", "batch consumed", {
    queue: work.queue,
    batchId: messages[0]?.id,
    messages: messages.length,
    failed: failed.length,
    durationMs: +deps.now() - started,
    ...(failed[0] && { reason: reasonOf(failed[0].error) }),
  });
}

/** undefined: no message of ours, and given up already. */
async function parse(deps: Deps, queue: QueueName, message: Message): Promise<unknown> {
  try {
    return queue === "envelopes"
      ? unpackEnvelope(new Uint8Array(message.body as ArrayBuffer))
      : catalog[queue].parse(message.body);
  } catch (error) {
    await giveUp(deps, queue, message, error);
    return undefined;
  }
}

async function deliver<Q extends QueueName>(
  deps: Deps,
  work: Consumer<Q>,
  slice: Ready[],
): Promise<Failed[]> {
  if (slice.length === 0) return [];
  const wasTurnedAway = slice.some(({ message }) => message.attempts > turnedAwayMax);
  try {
    await work.commit(
      deps,
      slice.map(({ task }) => task),
      wasTurnedAway ? "wait" : "try",
    );
    return [];
  } catch (error) {
    if (slice.length === 1 || concernsAll(deps, error, slice)) {
      return slice.map(({ message }) => ({ message, error }));
    }
    const middle = Math.ceil(slice.length / 2);
    return [
      ...(await deliver(deps, work, slice.slice(0, middle))),
      ...(await deliver(deps, work, slice.slice(middle))),
    ];
  }
}

/** Halving would only ask the same again. A schema that does not fit may yet turn out to be the fault of a few. */
const concernsAll = (deps: Deps, error: unknown, slice: Ready[]) =>
  isOutage(error) ||
  isBusy(error) ||
  (isSchemaMismatch(error) && slice.some(({ message }) => !isOutOfPatience(deps, message)));

const isOutage = (error: unknown) =>
  (isUnavailable(error) && !isSchemaMismatch(error)) ||
  (error instanceof Fault && error.worthRetrying);

const isOutOfPatience = (deps: Deps, message: Message) =>
  message.attempts >= refusedAttemptsMax && +deps.now() - +message.timestamp >= refusedMsMax;

async function settle(
  deps: Deps,
  queue: QueueName,
  message: Message,
  error: unknown,
): Promise<void> {
  if (isBusy(error)) return message.retry({ delaySeconds: 1 + (randomPercent() % 3) });
  if (!isOutage(error)) {
    const isHopeless = isRefused(error)
      ? isOutOfPatience(deps, message)
      : message.attempts >= attemptsMax;
    if (isHopeless) return giveUp(deps, queue, message, error);
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
