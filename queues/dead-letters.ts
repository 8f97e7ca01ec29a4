import type { Deps } from "../src/deps";
import { Fault } from "../src/fault";
import type { BlobPage } from "../src/platform/blobs";
import { uuidv7 } from "../src/platform/ids";
import { reasonOf } from "../src/platform/logger";
import { hourOf } from "../src/protocol/durations";
import {
  type AcceptedEnvelope,
  catalog,
  type MessageOf,
  type QueueName,
  unpackEnvelope,
} from "./catalog";

export type DeadLetter = {
  id: string;
  queue: string;
  reason: string;
  attempts: number;
  /** ISO 8601. */
  failedAt: string;
  bytes: number;
};

const prefix = "dead-letters/";
const pageMax = 500;

/** Keeps a message that nobody can handle, with the reason. Stays in the bucket until it is replayed or expires. */
export async function keepDeadLetter(
  deps: Deps,
  letter: { queue: string; body: unknown; reason: string; attempts: number },
): Promise<void> {
  const now = deps.now();
  const id = uuidv7(+now);
  const isBytes = letter.body instanceof ArrayBuffer || letter.body instanceof Uint8Array;
  const body = isBytes
    ? new Uint8Array(letter.body as ArrayBuffer)
    : JSON.stringify(letter.body ?? null);
  await deps.blobs.put(prefix + id, body, {
    queue: letter.queue,
    reason: asMetadata(letter.reason),
    attempts: String(letter.attempts),
    failedAt: now.toISOString(),
  });
  deps.log("error", "a message was given up", { queue: letter.queue, id, reason: letter.reason });
}

/** The bucket keeps 2 KB of metadata, and only ASCII. A reason may quote anything, also half of a character. */
function asMetadata(text: string): string {
  const bytes = new Uint8Array(reasonBytesMax);
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return encodeURIComponent(new TextDecoder().decode(bytes.subarray(0, written)));
}
// Each byte takes up to three signs.
const reasonBytesMax = 600;

/** As many times as the platform delivers it, that is most of a day. */
const keepAgainSeconds = 600;

/**
 * What the platform itself gave up arrives on a queue of its own; where it came from shows in its form. Behind that
 * queue there is nothing: what cannot be kept now comes again slowly.
 */
export async function keepUndeliverable(deps: Deps, messages: readonly Message[]): Promise<void> {
  for (const message of messages) {
    const queue = queueOf(message.body);
    try {
      await keepDeadLetter(deps, {
        queue,
        body: message.body,
        reason: "retries of the platform exhausted",
        attempts: message.attempts,
      });
      message.ack();
    } catch (error) {
      deps.log("error", "a dead letter could not be kept", { queue, reason: reasonOf(error) });
      message.retry({ delaySeconds: keepAgainSeconds });
    }
  }
}

function queueOf(body: unknown): QueueName | "unknown" {
  if (body instanceof ArrayBuffer) return "envelopes";
  if (catalog.outcomes.safeParse(body).success) return "outcomes";
  return catalog["issue-changes"].safeParse(body).success ? "issue-changes" : "unknown";
}

const countedMax = 1000;

/** How many there are, counting no further than one page of the bucket. */
export async function countDeadLetters(deps: Deps): Promise<number> {
  const { blobs } = await deps.blobs.list(prefix, { limit: countedMax });
  return blobs.length;
}

/** Oldest first. */
export async function listDeadLetters(
  deps: Deps,
  cursor?: string,
): Promise<{ letters: DeadLetter[]; cursor?: string }> {
  const page = await deps.blobs.list(prefix, {
    limit: pageMax,
    withMetadata: true,
    ...(cursor && { cursor }),
  });
  return {
    letters: page.blobs.map(letterOf),
    ...(page.cursor && { cursor: page.cursor }),
  };
}

const letterOf = ({ key, size, metadata }: BlobPage["blobs"][number]): DeadLetter => ({
  id: key.slice(prefix.length),
  queue: metadata.queue ?? "unknown",
  reason: decodeURIComponent(metadata.reason ?? ""),
  attempts: Number(metadata.attempts ?? 0),
  // What came by way of S3 has names in lower case.
  failedAt: metadata.failedAt ?? metadata.failedat ?? "",
  bytes: size,
});

/** Ids of ours: nothing else is looked for in the bucket. */
const idPattern = /^[0-9a-f-]{36}$/;

/** One letter with its body. Faults: not_found. */
export async function readDeadLetter(
  deps: Deps,
  id: string,
): Promise<{ letter: DeadLetter; body: Uint8Array }> {
  const missing = () => new Fault("not_found", "There is no such dead letter.");
  if (!idPattern.test(id)) throw missing();
  const [{ blobs }, body] = await Promise.all([
    deps.blobs.list(prefix + id, { limit: 1, withMetadata: true }),
    deps.blobs.get(prefix + id),
  ]);
  const [blob] = blobs;
  if (!blob || !body) throw missing();
  return { letter: letterOf(blob), body };
}

/**
 * Forgets a letter for good. What SDKs were promised to be kept is counted then as filtered. Faults: not_found.
 */
export async function discardDeadLetter(deps: Deps, id: string, userId: number | null) {
  const { letter, body } = await readDeadLetter(deps, id);
  if (letter.queue === "envelopes") await countDiscarded(deps, body);
  await deps.blobs.delete([prefix + id]);
  deps.log("warn", "a dead letter was discarded", { id, queue: letter.queue, userId });
}

/** As one error, whatever was in it: often that is what nobody could find out. */
async function countDiscarded(deps: Deps, body: Uint8Array): Promise<void> {
  let meta: AcceptedEnvelope;
  try {
    ({ meta } = unpackEnvelope(body));
  } catch {
    return;
  }
  const { id, projectId, receivedAt, door } = meta;
  const category = door === "security" ? "security" : "error";
  const count = { projectId, hour: hourOf(receivedAt), category, quantity: 1 };
  const counts = [{ ...count, outcome: "filtered", reason: "discarded" }];
  await deps.publish("outcomes", [{ v: 1, id, receivedAt, counts }]);
}

/**
 * Puts a letter back on its queue, then forgets it. Faults: not_found, invalid when its queue is unknown, gone when
 * the body that it points to is no longer there; then the letter stays.
 */
export async function replayDeadLetter(
  deps: Deps,
  letter: Pick<DeadLetter, "id" | "queue">,
): Promise<void> {
  const key = prefix + letter.id;
  const body = await deps.blobs.get(key);
  if (!body) throw new Fault("not_found", "There is no such dead letter.");
  if (!Object.hasOwn(catalog, letter.queue)) throw new Fault("invalid", "Its queue is unknown.");
  const queue = letter.queue as QueueName;
  const message =
    queue === "envelopes" ? unpackEnvelope(body) : JSON.parse(new TextDecoder().decode(body));
  if ("meta" in message && message.meta.blob) await assertParked(deps, message.meta.blob);
  await deps.publish(queue, [message as MessageOf<QueueName>]);
  await deps.blobs.delete([key]);
}

async function assertParked(deps: Deps, blob: string): Promise<void> {
  if (await deps.blobs.getRange(blob, 0, 1)) return;
  throw new Fault(
    "gone",
    "The body of this message is no longer there, so it cannot be sent again.",
  );
}
