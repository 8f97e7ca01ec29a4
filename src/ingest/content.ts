import type { AcceptedEnvelope } from "../../queues/catalog";
import { Fault } from "../fault";
import { randomEventId } from "../platform/ids";
import { categoryOf, quantityOf } from "../protocol/categories";
import { decodeHead, decodeStoreBody } from "../protocol/content-encoding";
import { parseDsn } from "../protocol/dsn";
import { headerBytesMax, parseEnvelope, parseEnvelopeHeader } from "../protocol/envelope";
import { normalizeEventId } from "../protocol/event-id";
import { isTooLarge } from "../protocol/item-limits";
import { isObject, parseJson } from "../protocol/json";
import { parseSecurityReports } from "../protocol/security-report";
import { shortenJson } from "../protocol/shorten-json";

/** What the quota must be asked for, and what the answer names. */
export type Content = {
  items: { category: string; quantity: number; isTooLarge: boolean }[];
  eventId: string | undefined;
  dsn: { publicKey: string; projectId: number } | undefined;
};

/** Looks at the framing of a body, no deeper than the answer needs. Faults: invalid, too_large. */
export function readContent(
  door: AcceptedEnvelope["door"],
  bytes: Uint8Array,
  bytesMax: number,
): Content {
  if (door === "envelope") {
    if (bytes.length === 0) throw new Fault("invalid", "the body is empty");
    const envelope = parseEnvelope(bytes);
    if (typeof envelope === "string") throw new Fault("invalid", envelope);
    return {
      items: envelope.items.map((item) => ({
        category: categoryOf(item.type),
        quantity: quantityOf(item.headers),
        isTooLarge: isTooLarge(item),
      })),
      eventId:
        normalizeEventId(envelope.header.event_id) ??
        (envelope.isBare ? randomEventId() : undefined),
      dsn: parseDsn(envelope.header.dsn),
    };
  }
  const payload = door === "store" ? decodeStoreBody(bytes, bytesMax) : bytes;
  const content = { eventId: undefined, dsn: undefined };
  const item = { category: door === "store" ? "error" : "security", quantity: 1 };
  if (isTooLarge({ type: door === "store" ? "event" : "raw_security", payload })) {
    return { ...content, items: [{ ...item, isTooLarge: true }] };
  }
  const json = parseBody(shortenJson(payload), door);
  if (door === "store") {
    if (!isObject(json)) throw new Fault("invalid", "the body is not an event");
    if (json.type === "transaction") item.category = "transaction";
    const eventId = normalizeEventId(json.event_id) ?? randomEventId();
    return { ...content, items: [{ ...item, isTooLarge: false }], eventId };
  }
  const parsed = parseSecurityReports(json);
  if (!parsed) throw new Fault("invalid", "the body is not a security report");
  item.quantity = Math.max(1, parsed.reports.length);
  return { ...content, items: [{ ...item, isTooLarge: false }] };
}

/** The DSN that an envelope itself names; no more of it is inflated. Faults: invalid, unsupported, unauthenticated. */
export async function readDsn(
  body: Uint8Array,
  encoding: string | null,
): Promise<{ publicKey: string; projectId: number }> {
  if (body.length === 0) throw new Fault("invalid", "the body is empty");
  const header = parseEnvelopeHeader(await decodeHead(body, encoding, headerBytesMax));
  if (typeof header === "string") throw new Fault("invalid", header);
  const dsn = parseDsn(header.dsn);
  if (!dsn) throw new Fault("unauthenticated", "missing authorization information");
  return dsn;
}

function parseBody(bytes: Uint8Array, door: AcceptedEnvelope["door"]) {
  try {
    return parseJson(bytes);
  } catch (error) {
    const detail =
      door === "store" && isEnvelope(bytes)
        ? "the body is an envelope, which the door envelope takes"
        : "the body is not JSON";
    throw new Fault("invalid", detail, { cause: error });
  }
}

function isEnvelope(bytes: Uint8Array): boolean {
  const envelope = parseEnvelope(bytes);
  return typeof envelope !== "string" && envelope.items.length > 0;
}
