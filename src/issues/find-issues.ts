import type { Deps } from "../deps";
import type { Page, Range } from "../protocol/cursor";
import { toPage } from "../protocol/cursor";
import { dayMs } from "../protocol/durations";
import { type Asked, type AskedOrg, resolveFilter } from "./filter";
import { type Inside, numbersInside } from "./inside-filter";
import { countIssues, type IssueRow, selectIssues } from "./queries";
import { rankOf } from "./rank";
import { type IssueFilter, looksElsewhere } from "./search/condition";
import type { Sort } from "./sort";

/** Counting further than a person reads costs more than the page itself, most of all when every row is asked for a tag. */
const hitsMax = 1000;
const filteredHitsMax = 50;

export type FoundIssues = {
  page: Page<IssueRow>;
  /** By the id of the issue; undefined, where nothing narrows the numbers, or nobody wants to know. */
  inside: Map<string, Inside> | undefined;
  /** How many there are, counted up to `max`. */
  hits: { hits: number; max: number };
  /** The whole search was the id of an event or the short id of an issue. */
  lookup?: IssueFilter["lookup"];
  /** What of the search was read otherwise than it is written. */
  notes: string[];
};

/** One page of the issues of an organization that are asked for, and how many there are. Faults: invalid. */
export async function findIssues(
  deps: Deps,
  org: AskedOrg,
  asked: Asked,
  sort: Sort,
  range: Range,
  /** The events of each hour are answered of so many days; numbers are those inside the filter, if somebody asks. */
  { days = 1, countsInside = false } = {},
): Promise<FoundIssues> {
  const { db } = deps;
  const filter = await resolveFilter(deps, org, asked);
  const max = looksElsewhere(filter.conditions) ? Math.max(filteredHitsMax, range.limit) : hitsMax;
  const since = new Date(+deps.now() - days * dayMs);
  const memberIds = org.memberId ? [org.memberId] : [];
  const rank = rankOf(sort, asked, deps.now());
  const rows = selectIssues(db, org.id, filter, sort, range, since, max, rank, memberIds);
  // A first page counts as it goes; behind a cursor the way begins anew.
  const [found, counted] = range.cursor
    ? await db.batch([rows, countIssues(db, org.id, filter, sort, max)])
    : [await rows, undefined];
  const hits = counted?.rows[0]?.hits ?? found.rows[0]?.hits ?? 0;
  const page = toPage(found.rows, range);
  const ids = page.rows.map(({ id }) => Number(id));
  return {
    page,
    inside: countsInside ? await numbersInside(deps, org.id, ids, asked, days) : undefined,
    hits: { hits: Math.min(hits, max), max },
    notes: filter.notes ?? [],
    ...(filter.lookup && { lookup: filter.lookup }),
  };
}
