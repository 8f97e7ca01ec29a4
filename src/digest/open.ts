import type { EnvelopeMessage } from "../../queues/catalog";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { decodeBody, decodeStoreBody } from "../protocol/content-encoding";
import { type Item, parseEnvelope } from "../protocol/envelope";
import type { JsonObject } from "../protocol/json";

/** `bytes` is its size after decompression. */
export type OpenedEnvelope = {
  header: JsonObject;
  items: Item[];
  warnings: string[];
  bytes: number;
};

/**
 * The request behind a message, whichever door it came through, as an envelope; undefined when its parked body is
 * missing. Faults: invalid when it cannot be read (it could at the edge, so this is a damaged message).
 */
export async function openEnvelope(
  deps: Deps,
  message: EnvelopeMessage,
): Promise<OpenedEnvelope | undefined> {
  const { meta } = message;
  const { inflatedBytesMax } = deps.config;
  const body = meta.blob ? await deps.blobs.get(meta.blob) : message.body;
  if (!body) return undefined;
  const bytes = decodeBody(body, meta.encoding, inflatedBytesMax);
  if (meta.door === "envelope") {
    const envelope = parseEnvelope(bytes);
    if (typeof envelope === "string") throw new Fault("invalid", envelope);
    return { ...envelope, bytes: bytes.length };
  }
  const payload = meta.door === "store" ? decodeStoreBody(bytes, inflatedBytesMax) : bytes;
  const type = meta.door === "store" ? "event" : "raw_security";
  const items = [{ type, headers: {}, payload, truncated: false }];
  return { header: {}, items, warnings: [], bytes: payload.length };
}
