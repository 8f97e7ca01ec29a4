import { markInApp } from "../../../src/events/in-app";
import type { NormalEvent } from "../../../src/events/normal-event";
import { normalizeEvent } from "../../../src/events/normalize";
import { scrubEvent } from "../../../src/events/scrub";
import type { Grouping, GroupingVersion } from "../../../src/issues/grouping/grouping";
import { groupings } from "../../../src/issues/grouping/groupings";
import { decodeBody, decodeStoreBody } from "../../../src/protocol/content-encoding";
import { parseEnvelope } from "../../../src/protocol/envelope";
import { isObject, type JsonObject, parseJson } from "../../../src/protocol/json";
import { bodyOf, type RecordedRequest, recordedRequests } from "../../fixtures";

const bytesMax = 10_000_000;

/** An event as it is before its frames are marked. */
export function normalized(payload: JsonObject): NormalEvent {
  const { event, report } = normalizeEvent(payload, {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: {},
  });
  scrubEvent(event, report, { defaults: true, keepIp: true });
  return event;
}

/** The groupings of an event by all versions, made as the digest makes them. */
export function groupedBy(payload: JsonObject): Record<GroupingVersion, Grouping> {
  const event = normalized(payload);
  const g1 = groupings.g1(event);
  markInApp(event);
  return { g1, g2: groupings.g2(event) };
}

/** The event payloads of a recorded request. */
export function payloadsOf(request: RecordedRequest): JsonObject[] {
  const encoding = request.headers["content-encoding"] ?? null;
  const body = decodeBody(new Uint8Array(bodyOf(request)), encoding, bytesMax);
  if (request.url.includes("/store/")) {
    return [parseJson(decodeStoreBody(body, bytesMax))].filter(isObject);
  }
  if (!request.url.includes("/envelope/")) return [];
  const envelope = parseEnvelope(body);
  if (typeof envelope === "string") return [];
  return envelope.items
    .filter(({ type }) => type === "event")
    .map(({ payload }) => parseJson(payload))
    .filter(isObject);
}

/** Every event that was recorded, under a name that says where it came from. */
export const recordedEvents: { name: string; payload: JsonObject }[] = recordedRequests.flatMap(
  (request) =>
    payloadsOf(request).map((payload, index) => ({
      name: `${request.file?.replace(/\.bin$/, "")}${index > 0 ? ` ${index}` : ""}`,
      payload,
    })),
);

/** All hashes by which an event finds its issue. */
export const hashesOf = ({ primary, secondary }: Grouping): string[] => [primary, ...secondary];
