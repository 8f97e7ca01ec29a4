import { newBudget, settle } from "../events/budget";
import { normalizeEvent, type Source } from "../events/normalize";
import { noteError } from "../events/report";
import { parseTime } from "../events/time";
import type { EnvelopeWork, ItemType } from "../item-type";
import { derivedEventId } from "../platform/ids";
import type { Item } from "../protocol/envelope";
import { normalizeEventId } from "../protocol/event-id";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { eventStore } from "./event-store";
import { type PreparedEvent, preparedEventOf, sourceOf } from "./prepared-event";

/** Errors and messages. What says of itself that it is a transaction came by the old door, and is counted as one. */
export const eventItem: ItemType<PreparedEvent> = {
  prepare(item, index, work) {
    const { meta, header, budget } = work;
    const json = work.readJson(item);
    if (typeof json === "string") return json;
    const { payload, isShortened } = json;
    if (!isObject(payload)) return "not_an_event";
    const headerId = work.takeEventId();
    if (payload.type === "transaction") {
      work.count("filtered", "not_supported", "transaction");
      return [];
    }
    const eventId =
      headerId ?? normalizeEventId(payload.event_id) ?? derivedEventId(meta.id, index);
    const source = {
      ...sourceOf(meta, eventId),
      sdk: header.sdk ?? null,
      trace: header.trace ?? null,
      ...sentAtOf(header.sent_at),
    };
    const { event, report } = normalizeExactly(payload, item, source, work);
    if (isShortened) noteError(report, "value_too_long", "event", "long lists were shortened");
    const category = event.exception ? "error" : "default";
    const isKept = !work.isFiltered(event, category);
    const rows = isKept ? [preparedEventOf(meta, event, report, category, work.rules)] : [];
    settle(budget, report.budget);
    return rows;
  },
  store: eventStore,
};

/** Repairs an event; one in which a number lost its digits is read once more, at the price of reading it slowly. */
function normalizeExactly(payload: JsonObject, item: Item, source: Source, work: EnvelopeWork) {
  const normal = normalizeEvent(payload, source, newBudget(work.budget));
  if (!normal.report.isInexact) return normal;
  const exact = work.readJson(item, "all");
  if (typeof exact === "string" || !isObject(exact.payload)) return normal;
  return normalizeEvent(exact.payload, source, newBudget(work.budget));
}

function sentAtOf(value: Json | undefined): { sentAt?: number } {
  const sentAt = parseTime(value);
  return sentAt === undefined ? {} : { sentAt };
}
