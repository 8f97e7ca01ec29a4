import type { Deps } from "../deps";
import { type Asked, type AskedOrg, resolveFilter } from "./filter";
import { countEach } from "./queries";
import { looksElsewhere } from "./search/condition";

/** A tab shows no more; where each row is asked for its tags or its text, counting that far would take seconds. */
const countMax = 10_000;
const elsewhereMax = 1000;

/** Counted up to a bound; `more`: there are more than that. */
export type IssueCount = { count: number; more: boolean };

/** How many issues each search finds, in the order of the searches. Faults: invalid. */
export async function countIssues(
  deps: Deps,
  org: AskedOrg,
  searches: Asked[],
): Promise<IssueCount[]> {
  if (searches.length === 0) return [];
  const filters = await Promise.all(searches.map((asked) => resolveFilter(deps, org, asked)));
  const bounded = filters.map((filter) => ({
    filter,
    max: looksElsewhere(filter.conditions) ? elsewhereMax : countMax,
  }));
  const { rows } = await countEach(deps.db, org.id, bounded);
  const counts = rows[0]?.counts ?? [];
  return bounded.map(({ max }, index) => {
    const counted = counts[index] ?? 0;
    return { count: Math.min(counted, max), more: counted > max };
  });
}
