import type { AcceptedEnvelope } from "../../queues/catalog";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { reasonOf } from "../platform/logger";
import { compress, isZstd } from "../protocol/compress";

/** A queue message holds 128 KB; the rest is room for the description. */
const rideBytesMax = 100 * 1024;
/** One queue operation is billed per 64 KB: past that, compressing costs less than sending. */
const compressAboveBytes = 60 * 1024;

/**
 * Makes a request durable: when this returns, the queue has it (or the bucket has it and the queue a pointer).
 * Faults: unavailable.
 */
export async function accept(deps: Deps, meta: AcceptedEnvelope, body: Uint8Array): Promise<void> {
  const isPlain = !meta.encoding && body[0] !== 0x1f && !isZstd(body);
  const compressed = isPlain && body.length > compressAboveBytes ? compress(body) : undefined;
  const bytes = compressed?.bytes ?? body;
  const described = compressed ? { ...meta, encoding: compressed.encoding } : meta;
  try {
    if (bytes.length <= rideBytesMax) {
      await deps.publish("envelopes", [{ meta: described, body: bytes }]);
      return;
    }
    const day = new Date(meta.receivedAt).toISOString().slice(0, 10);
    const blob = `inbox/${day}/${meta.id}`;
    await deps.blobs.put(blob, bytes);
    await deps.publish("envelopes", [{ meta: { ...described, blob }, body: new Uint8Array() }]);
  } catch (error) {
    deps.log("error", "an envelope could not be made durable", { reason: reasonOf(error) });
    throw new Fault("unavailable", "The event could not be stored right now.", { cause: error });
  }
}
