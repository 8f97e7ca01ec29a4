import type { Deps } from "../src/deps";
import { reaching } from "../src/platform/deadline";
import { type EnvelopeMessage, type MessageOf, packEnvelope, type QueueName } from "./catalog";

export type QueueBindings = { ENVELOPES: Queue; OUTCOMES: Queue; ISSUE_CHANGES: Queue };

/** By which binding each queue is reached. */
export const bindingOf = {
  envelopes: "ENVELOPES",
  outcomes: "OUTCOMES",
  "issue-changes": "ISSUE_CHANGES",
} satisfies Record<QueueName, keyof QueueBindings>;

const batchMax = 100;
/** The platform takes 256 KB a batch; the rest is room for its own framing. */
const batchBytesMax = 200_000;

/**
 * Sends messages of the catalog. Resolves when the queue has them: from then on they are durable. Nothing is waited
 * for longer than the deadline. Faults: unavailable.
 */
export function publisher(bindings: QueueBindings, deadlineMs: number): Deps["publish"] {
  const inTime = (send: () => Promise<unknown>) => reaching(deadlineMs, "The queue", send);
  return async <Q extends QueueName>(queue: Q, messages: MessageOf<Q>[]) => {
    const binding = bindings[bindingOf[queue]];
    const sendable = messages.map((message) =>
      queue === "envelopes"
        ? { body: packEnvelope(message as EnvelopeMessage), contentType: "bytes" as const }
        : { body: message, contentType: "json" as const },
    );
    const [only] = sendable;
    if (only && sendable.length === 1) {
      await inTime(() => binding.send(only.body, { contentType: only.contentType }));
      return;
    }
    for (const batch of batchesOf(sendable)) await inTime(() => binding.sendBatch(batch));
  };
}

type Sendable = { body: unknown; contentType: "bytes" | "json" };

function batchesOf(messages: Sendable[]): Sendable[][] {
  const batches: Sendable[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size =
      message.body instanceof Uint8Array
        ? message.body.length
        : JSON.stringify(message.body).length;
    const batch = batches.at(-1);
    if (!batch || batch.length >= batchMax || bytes + size > batchBytesMax) {
      batches.push([message]);
      bytes = size;
    } else {
      batch.push(message);
      bytes += size;
    }
  }
  return batches;
}
