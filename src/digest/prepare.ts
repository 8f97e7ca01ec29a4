import type { AcceptedEnvelope } from "../../queues/catalog";
import { type Budget, isExceeded, newEnvelopeBudget, spend } from "../events/budget";
import { groupingStepsMax } from "../issues/grouping/group-event";
import type { EnvelopeWork, Store } from "../item-type";
import { categoryOf, isCovered, isKnownType, quantityOf } from "../protocol/categories";
import { lookUp } from "../protocol/dictionary";
import { hourOf } from "../protocol/durations";
import type { Item } from "../protocol/envelope";
import { normalizeEventId } from "../protocol/event-id";
import { isTooLarge } from "../protocol/item-limits";
import { type Json, parseJson } from "../protocol/json";
import type { Reason } from "../protocol/outcomes";
import { shortenJson } from "../protocol/shorten-json";
import { foldOutcomes, type OutcomeRow } from "../stats/outcomes";
import { itemTypes } from "./items";
import type { OpenedEnvelope } from "./open";
import type { Rules } from "./rules";

/** What all events of an envelope may cost the project's filters; past that they are kept. */
const filterStepsMax = 2_000_000;

/** What they may cost its rules of ownership; past that they are nobody's. */
const ownerStepsMax = 2_000_000;

/** What one message comes to: rows for each store, and a count of everything else. */
export type Prepared = {
  messageId: string;
  rows: Map<Store, unknown[]>;
  outcomes: OutcomeRow[];
};

/**
 * Decides what becomes of every item of one envelope, by the project's rules if it has any. Pure: the same message
 * gives the same result at every delivery. A bad item is counted and costs nothing but itself.
 */
export function prepare(
  meta: AcceptedEnvelope,
  envelope: OpenedEnvelope,
  { types = itemTypes, ...rules }: Rules & { types?: typeof itemTypes } = {},
): Prepared {
  const prepared: Prepared = { messageId: meta.id, rows: new Map(), outcomes: [] };
  const work = workOf(meta, envelope, prepared, rules);
  const { count } = work;
  const limited = new Set(meta.limited);
  if (envelope.warnings.length > 0) {
    count("invalid", "framing", "unknown", envelope.warnings.length);
  }
  for (const [index, item] of envelope.items.entries()) {
    const category = categoryOf(item.type);
    // Counted at the edge already.
    if (isCovered(limited, category)) continue;
    const refusal = prepareItem(item, index, work, types, prepared.rows);
    if (refusal) count("invalid", refusal, category);
  }
  prepared.outcomes = foldOutcomes(prepared.outcomes);
  return prepared;
}

/** Why an item cannot be read, if so. */
function prepareItem(
  item: Item,
  index: number,
  work: EnvelopeWork,
  types: typeof itemTypes,
  rowsOf: Prepared["rows"],
): Reason | undefined {
  if (isTooLarge(item) || isExceeded(work.budget)) return "too_large";
  const type = lookUp(types, item.type);
  if (!type) {
    // Nothing vanishes silently: until its feature is there, an item is counted as not stored.
    if (isKnownType(item.type)) {
      work.count("filtered", "not_supported", categoryOf(item.type), quantityOf(item.headers));
    } else work.count("invalid", "unknown_item_type", "unknown");
    return undefined;
  }
  const rows = type.prepare(item, index, work);
  if (typeof rows === "string") return rows;
  if (type.store && rows.length > 0) {
    const others = rowsOf.get(type.store);
    if (!others) rowsOf.set(type.store, rows);
    else for (const row of rows) others.push(row);
  }
  return undefined;
}

function workOf(
  meta: AcceptedEnvelope,
  { header }: OpenedEnvelope,
  prepared: Prepared,
  { filter, ...rules }: Rules,
): EnvelopeWork {
  const budget = newEnvelopeBudget();
  let eventId = normalizeEventId(header.event_id) ?? meta.eventId;
  const count: EnvelopeWork["count"] = (outcome, reason, category, quantity = 1) => {
    prepared.outcomes.push({
      messageId: meta.id,
      receivedAt: meta.receivedAt,
      projectId: meta.projectId,
      hour: hourOf(meta.receivedAt),
      category,
      outcome,
      reason,
      quantity,
    });
  };
  const steps = { left: filterStepsMax };
  return {
    meta,
    header,
    budget,
    count,
    isFiltered: (event, category) => {
      const reason = filter?.(event, meta, steps);
      if (reason) count("filtered", reason, category);
      return reason !== undefined;
    },
    rules: {
      ...rules,
      steps: { left: groupingStepsMax },
      ownerSteps: { left: ownerStepsMax },
    },
    readJson: (item, exact) => readJson(item, budget, exact),
    takeEventId: () => {
      const taken = eventId;
      eventId = undefined;
      return taken;
    },
  };
}

function readJson(
  item: Item,
  budget: Budget,
  exact: "likely" | "all" = "likely",
): { payload: Json; isShortened: boolean } | Reason {
  if (item.payload.length === 0) return "empty";
  if (!spend(budget, "bytes", item.payload.length)) return "too_large";
  const json = shortenJson(item.payload);
  try {
    return { payload: parseJson(json, exact), isShortened: json !== item.payload };
  } catch {
    return item.truncated ? "truncated" : "not_json";
  }
}
