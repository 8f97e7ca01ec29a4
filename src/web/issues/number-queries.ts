import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "../api/client";
import { queryClient } from "../api/query-client";
import { together } from "../api/together";
import { filtersOf, type Search, searchOf, stringifySearch } from "../filters";
import { defaultPeriod } from "../first-requests";

export type IssueNumbers = Schema<"IssueNumbers">;

/** The API answers for so many issues at once. */
const issuesOfRequestMax = 100;
/** Filters that are asked with at the same time: that of the list, and the one before it. */
const askersMax = 4;
const keptMs = 5 * 60_000;

/** The filters that numbers are inside of, as they stand in the request. */
export function numbersFilter(search: Search): string {
  const { environments, start, end, statsPeriod = defaultPeriod } = filtersOf(search);
  return stringifySearch(searchOf({ environments, start, end, statsPeriod })).slice(1);
}

const askers = new Map<string, ReturnType<typeof together<IssueNumbers>>>();

function askerFor(org: string, filter: string) {
  const key = `${org}?${filter}`;
  const known = askers.get(key);
  if (known) return known;
  const made = together<IssueNumbers>(async (ids) => {
    const groups = ids.map((id) => `groups=${id}`).join("&");
    const found = await ok(
      api.GET("/api/0/organizations/{organization_slug}/issues-stats/", {
        params: { path: { organization_slug: org }, query: { groups: [] } },
        querySerializer: () => `${groups}&${filter}`,
      }),
    );
    return new Map(found.map((each) => [each.id, each]));
  }, issuesOfRequestMax);
  const [oldest] = askers.keys();
  if (oldest !== undefined && askers.size >= askersMax) askers.delete(oldest);
  askers.set(key, made);
  return made;
}

const numbersKey = (org: string) => [org, "issues", "numbers"];

/** Events and people of an issue inside the filters of its list; null of one that is gone. */
export const numbersOf = (org: string, issue: string, filter: string) =>
  queryOptions({
    queryKey: [...numbersKey(org), issue, filter],
    queryFn: async ({ signal }) => (await askerFor(org, filter)(issue, signal)) ?? null,
    staleTime: keptMs,
    gcTime: keptMs,
    refetchOnWindowFocus: false,
    retry: false,
  });

/** Issues that changed are asked for anew where they are seen. */
export const forgetNumbers = (org: string, issues: ReadonlySet<string>): void =>
  void queryClient.invalidateQueries({
    queryKey: numbersKey(org),
    predicate: ({ queryKey: [, , , issue] }) => typeof issue === "string" && issues.has(issue),
  });
