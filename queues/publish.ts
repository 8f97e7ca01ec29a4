import type { Deps } from "../src/deps";
import { type EnvelopeMessage, type MessageOf, packEnvelope, type QueueName } from "./catalog";

export type QueueBindings = { ENVELOPES: Queue; OUTCOMES: Queue; ISSUE_CHANGES: Queue };

const bindingOf = {
  envelopes: "ENVELOPES",
  outcomes: "OUTCOMES",
  "issue-changes": "ISSUE_CHANGES",
} satisfies Record<QueueName, keyof QueueBindings>;

const batchMax = 100;

/** Sends messages of the catalog. Resolves when the queue has them: from then on they are durable. */
export function publisher(bindings: QueueBindings): Deps["publish"] {
  return async <Q extends QueueName>(queue: Q, messages: MessageOf<Q>[]) => {
    const binding = bindings[bindingOf[queue]];
    const sendable = messages.map((message) =>
      queue === "envelopes"
        ? { body: packEnvelope(message as EnvelopeMessage), contentType: "bytes" as const }
        : { body: message, contentType: "json" as const },
    );
    const [only] = sendable;
    if (only && sendable.length === 1) {
      await binding.send(only.body, { contentType: only.contentType });
      return;
    }
    for (let at = 0; at < sendable.length; at += batchMax) {
      await binding.sendBatch(sendable.slice(at, at + batchMax));
    }
  };
}
