import { type EnvelopeMessage, type OutcomeCounts, packEnvelope } from "../../queues/catalog";
import type { Holder } from "../local/hold";

const batchMessagesMax = 50;
const batchBytesMax = 180_000;

/** Puts messages on a queue of the local server, as its door would have at the time that they name. */
export async function sendPast(
  holder: Holder,
  queue: "envelopes" | "outcomes",
  bodies: { body: Uint8Array; contentType: "bytes" | "json" }[],
): Promise<void> {
  const { url, secret } = holder.status ?? { url: "", secret: "" };
  const rest = [...bodies];
  while (rest.length > 0) {
    const batch: typeof bodies = [];
    let bytes = 0;
    for (let next = rest[0]; next; next = rest[0]) {
      if (
        batch.length > 0 &&
        (batch.length >= batchMessagesMax || bytes + next.body.length > batchBytesMax)
      )
        break;
      batch.push(next);
      bytes += next.body.length;
      rest.shift();
    }
    const answer = await fetch(new URL("/batch", url), {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "x-brinkwatch-queue": queue },
      body: JSON.stringify({
        messages: batch.map(({ body, contentType }) => ({
          body: Buffer.from(body).toString("base64"),
          contentType,
        })),
      }),
    });
    if (!answer.ok) throw new Error(`The queue ${queue} took nothing: ${await answer.text()}`);
  }
}

export const envelopeMessage = (message: EnvelopeMessage) => ({
  body: packEnvelope(message),
  contentType: "bytes" as const,
});

export const outcomesMessage = (message: OutcomeCounts) => ({
  body: new TextEncoder().encode(JSON.stringify(message)),
  contentType: "json" as const,
});
