import type { Deps } from "../deps";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { weekMs } from "../protocol/durations";
import { type SearchKey, searchKeys } from "../protocol/search-keys";
import { type AskedOrg, resolveFilter } from "./filter";
import { selectProjectNames } from "./filter-queries";
import { readIssue } from "./read-issue";
import {
  selectFrequentKeys,
  selectFrequentValues,
  selectTagValues,
  type ValueRow,
} from "./suggestion-queries";

const keysMax = 200;
const valuesMax = 100;
const fields: readonly SearchKey[] = searchKeys;

export type SuggestedKey = {
  key: string;
  isTag: boolean;
  /** Events with it, and its distinct values; null where nobody counts. */
  count: number | null;
  values: number | null;
  known: readonly string[];
};
export type SuggestedValue = {
  value: string;
  count: number | null;
  firstSeen: string | null;
  lastSeen: string | null;
};

export type SuggestionsAsked = { projectIds: number[]; environments: string[] };

/** What a search may begin with: fields, then tags of the issues that were seen last. Faults: invalid. */
export async function suggestKeys(
  deps: Deps,
  org: AskedOrg,
  asked: SuggestionsAsked,
): Promise<SuggestedKey[]> {
  const filter = await resolveFilter(deps, org, filterOf(asked));
  const { rows } = await selectFrequentKeys(deps.db, org.id, filter, keysMax);
  return [
    ...fields.map(({ name, known }) => ({
      key: name,
      isTag: false,
      count: null,
      values: null,
      known: known ?? [],
    })),
    ...rows.map((row) => ({ ...row, isTag: true, known: [] })),
  ];
}

/** Values that begin like a text, of a field or of a tag, the most frequent first. Faults: invalid. */
export async function suggestValues(
  deps: Deps,
  org: AskedOrg,
  key: string,
  prefix: string,
  asked: SuggestionsAsked,
): Promise<SuggestedValue[]> {
  const filter = await resolveFilter(deps, org, filterOf(asked));
  const named = await namesOf(deps, org, key, asked);
  if (named) {
    const wanted = prefix.toLowerCase();
    return named
      .filter((value) => value.toLowerCase().startsWith(wanted))
      .slice(0, valuesMax)
      .map((value) => ({ value, count: null, firstSeen: null, lastSeen: null }));
  }
  // What Sentry calls a user is several tags here.
  const tag = key === "user" ? "user.email" : key;
  const { rows } = await selectFrequentValues(deps.db, org.id, filter, tag, prefix, valuesMax);
  return rows.map((row) => toValue(row, undefined, undefined));
}

/** Values of a field that is not counted; undefined of one that is. */
async function namesOf(
  deps: Deps,
  org: AskedOrg,
  key: string,
  asked: SuggestionsAsked,
): Promise<readonly string[] | undefined> {
  if (key === "project") {
    const gone = new Set(org.goneProjectIds);
    const rows = await selectProjectNames(deps.db, org.id);
    return rows.filter(({ id }) => !gone.has(id)).map(({ slug }) => slug);
  }
  if (key === "has") {
    const keys = await suggestKeys(deps, org, asked);
    return ["user", ...keys.filter(({ isTag }) => isTag).map((each) => each.key)];
  }
  const field = fields.find(({ name }) => name === key);
  // People are tags too, and those are counted.
  return field?.values === "person" ? undefined : field && (field.known ?? []);
}

const filterOf = ({ projectIds, environments }: SuggestionsAsked) => ({
  query: undefined,
  issueIds: [],
  projectIds,
  environments,
  mayBeShortId: false,
});

export type TagValue = {
  value: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  hash: string;
};

/** A page of the values of a tag of an issue with a text in them, the most frequent first. Faults: not_found. */
export async function readTagValues(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  key: string,
  text: string,
  range: Range,
): Promise<Page<TagValue>> {
  const issue = await readIssue(deps, orgIds, idOrShortId);
  const found = await selectTagValues(deps.db, Number(issue.id), key, text, range);
  const { rows, hasMore } = toPage(found.rows, range);
  return {
    hasMore,
    rows: rows.map((row) => ({
      ...toValue(row, issue.firstSeenAt, issue.lastSeenAt),
      hash: row.hash,
    })),
  };
}

/** Counted by the week: not before that of the first, nor after that of the last, and within the issue's own time. */
function toValue(
  { value, count, firstWeek, lastWeek }: ValueRow,
  from: string | undefined,
  to: string | undefined,
) {
  const end = new Date(+new Date(lastWeek) + weekMs - 1).toISOString();
  return {
    value,
    count,
    firstSeen: from && from > firstWeek ? from : firstWeek,
    lastSeen: to && to < end ? to : end,
  };
}
