import { dayMs } from "../protocol/durations";
import type { Within } from "./inside-filter";
import type { Rank } from "./rank-queries";
import type { Sort } from "./sort";

/** Growth is of the last day against the one before, unless a period is asked for; of no longer one than this. */
const growthDefaultMs = dayMs;
const growthMaxMs = 7 * dayMs;
/** Of longer periods the hours of an issue are too many to be added up for an order. */
const countedMaxMs = 31 * dayMs;

/** How a list is ordered by what no index knows; undefined: an index knows its order. */
export function rankOf({ by }: Sort, { from, to: end, environments }: Within, now: Date) {
  const to = end ?? now;
  if (by === "trend") {
    const lengthMs = from ? Math.max(+to - +from, 1) : growthDefaultMs;
    const since = new Date(+to - Math.min(lengthMs, growthMaxMs));
    return { by, from: since, to, environments } satisfies Rank;
  }
  if (by !== "count") return undefined;
  const isShort = from !== undefined && +to - +from <= countedMaxMs;
  if (!isShort && environments.length === 0) return undefined;
  return { by, from: from ?? new Date(0), to, environments } satisfies Rank;
}
