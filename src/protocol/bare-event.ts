import { isTooLarge } from "./item-limits";
import { isObject, type JsonObject, parseJson } from "./json";
import { endOfJson } from "./json-end";
import { shortenJson } from "./shorten-json";

const envelopeFields = new Set(["event_id", "dsn", "sdk", "sent_at", "trace"]);
/** What an event has and the header of an envelope never. */
const eventFields = [
  "message",
  "logentry",
  "exception",
  "stacktrace",
  "threads",
  "level",
  "platform",
  "sentry.interfaces.Message",
  "sentry.interfaces.Exception",
  "sentry.interfaces.Stacktrace",
] as const;

/**
 * What a body that begins an envelope and brings no item is: an event that somebody sent without an envelope around it,
 * something else that belongs elsewhere, or an envelope that has nothing in it, which is no mistake.
 */
export function kindOfHeader(header: JsonObject): "event" | "other" | "envelope" {
  if (eventFields.some((field) => Object.hasOwn(header, field))) return "event";
  const fields = Object.keys(header);
  return fields.length === 0 || fields.some((field) => envelopeFields.has(field))
    ? "envelope"
    : "other";
}

/** The event that a body is which is too long for a header; undefined where it is something else. */
export function readBareEvent(body: Uint8Array): JsonObject | undefined {
  if (isTooLarge({ type: "event", payload: body }) || endOfJson(body, 0) < 0) return undefined;
  try {
    const event = parseJson(shortenJson(body));
    return isObject(event) && kindOfHeader(event) === "event" ? event : undefined;
  } catch {
    return undefined;
  }
}
