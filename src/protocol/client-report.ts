import { type Category, knownCategory } from "./categories";
import { lookUp } from "./dictionary";
import { isObject, type Json } from "./json";
import { knownReason, type Outcome, type Reason } from "./outcomes";

export type Discarded = {
  category: Category;
  reason: Reason;
  quantity: number;
  outcome: Outcome;
};

const rowsMax = 200;
const quantityMax = 1_000_000_000;

const outcomeOfList: [list: string, outcome: Outcome][] = [
  ["discarded_events", "client_discard"],
  ["rate_limited_events", "rate_limited"],
  ["filtered_events", "filtered"],
  ["filtered_sampling_events", "filtered"],
];

/** What an SDK says it dropped itself. Reasons and categories that nobody knows are `other`. */
export function parseClientReport(payload: Json): Discarded[] {
  if (!isObject(payload)) return [];
  const rows: Discarded[] = [];
  for (const [list, outcome] of outcomeOfList) {
    const entries = lookUp(payload, list);
    if (!Array.isArray(entries)) continue;
    for (const entry of entries.slice(0, rowsMax)) {
      if (!isObject(entry)) continue;
      const quantity = wholeOf(entry.quantity);
      if (quantity === undefined || quantity < 1 || quantity > quantityMax) continue;
      rows.push({
        category: knownCategory(word(entry.category)),
        reason: knownReason(word(entry.reason)),
        quantity,
        outcome,
      });
    }
  }
  return rows;
}

const wholeOf = (value: unknown) => {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
};

const word = (value: unknown) => (typeof value === "string" && value !== "" ? value : "unknown");
