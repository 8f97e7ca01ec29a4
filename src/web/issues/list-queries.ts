import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ok, type Page, page } from "../api/client";
import { queryClient } from "../api/query-client";
import type { ListedIssue } from "../api/undo";
import { type Search, sharedPart, stringifySearch } from "../filters";
import { issueListPath, rowsFirst } from "../first-requests";
import { presets, queryIn } from "./list-presets";

export type { ListedIssue };

/** After the first page, which has to be quick. */
const rowsOfPage = 100;
/** Whoever scrolls on has so many of them; those at the other end are let go of, and read again on the way back. */
const pagesMax = 10;
/** A list of more pages is not read anew as a whole when somebody comes back to it. */
const pagesReadAgainMax = 3;

/** What a list asks for, as it stands in its request after the `?`. */
export function listText(org: string, search: Search): string {
  const path = issueListPath(org, stringifySearch(search));
  return path.slice(path.indexOf("?") + 1);
}

/** What a change of all that a list finds is of: an order says nothing about it. */
export function filterText(org: string, search: Search): string {
  const asked = new URLSearchParams(listText(org, search));
  asked.delete("sort");
  return asked.toString();
}

const ask = (org: string, text: string, signal: AbortSignal) =>
  page(
    api.GET("/api/0/organizations/{organization_slug}/issues/", {
      params: { path: { organization_slug: org } },
      querySerializer: () => text,
      signal,
    }),
  );

/** The issues that a search finds, a page after the other. */
export const issueList = (org: string, search: Search) => {
  const text = listText(org, search);
  return infiniteQueryOptions({
    queryKey: [org, "issues", "list", text],
    queryFn: ({ pageParam, signal }): Promise<Page<ListedIssue>> =>
      ask(
        org,
        text +
          rowsFirst +
          (pageParam ? `&limit=${rowsOfPage}&cursor=${encodeURIComponent(pageParam)}` : ""),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    getPreviousPageParam: ({ previous }) => previous,
    maxPages: pagesMax,
    placeholderData: keepPreviousData,
    // What arrives meanwhile is offered and moves nothing.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: ({ state }) => (state.data?.pages.length ?? 0) <= pagesReadAgainMax,
  });
};

/** The first page as it is now, beside what the list shows. */
export const firstRowsNow = (org: string, search: Search, signal: AbortSignal) =>
  ask(org, listText(org, search) + rowsFirst, signal);

const countsKey = (org: string, search: Search) => {
  const { query: _, sort: __, ...filters } = search;
  return [org, "issues", "counts", listText(org, filters)];
};

/** How many issues there are beneath each tab; in one request, whatever is searched for. */
export const issueCounts = (org: string, search: Search) =>
  queryOptions({
    queryKey: countsKey(org, search),
    queryFn: ({ signal }) =>
      countAll(
        org,
        presets.map(({ query }) => query),
        search,
        signal,
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** How many issues the search itself finds. */
export const matchCount = (org: string, search: Search) =>
  queryOptions({
    queryKey: [...countsKey(org, search), queryIn(search)],
    queryFn: async ({ signal }) =>
      (await countAll(org, [queryIn(search)], search, signal)).at(0) ?? null,
    retry: false,
  });

/** How many the same search finds without an environment, and at any time. */
export const countsOutside = (org: string, search: Search) =>
  queryOptions({
    queryKey: [org, "issues", "counts", "outside", listText(org, search)],
    queryFn: async ({ signal }) => {
      const { environment: _, ...everywhere } = search;
      const { statsPeriod: __, start: ___, end: ____, ...ever } = search;
      const count = async (around: Search) =>
        (await countAll(org, [queryIn(search)], around, signal)).at(0);
      const [withoutEnvironment, anyTime] = await Promise.all([
        "environment" in search ? count(everywhere) : undefined,
        count({ ...ever, statsPeriod: "" }),
      ]);
      return { withoutEnvironment, anyTime };
    },
    retry: false,
  });

function countAll(org: string, queries: string[], search: Search, signal: AbortSignal) {
  const asked = new URLSearchParams(listText(org, search));
  asked.delete("sort");
  asked.delete("query");
  if (asked.get("statsPeriod") === "") asked.delete("statsPeriod");
  for (const query of queries) asked.append("query", query);
  return ok(
    api.GET("/api/0/organizations/{organization_slug}/issues/counts/", {
      params: { path: { organization_slug: org } },
      querySerializer: () => asked.toString(),
      signal,
    }),
  );
}

/** The issue that was seen last in the projects of a list, whatever its status. */
export const lastSeenIssue = (org: string, search: Search) =>
  queryOptions({
    queryKey: [org, "issues", "last-seen", stringifySearch(sharedPart(search))],
    queryFn: async ({ signal }) => {
      const asked = new URLSearchParams({ query: "", limit: "1" });
      for (const project of [search["project"] ?? []].flat()) asked.append("project", project);
      return (await ask(org, asked.toString(), signal)).rows.at(0) ?? null;
    },
  });

/** The newest event of an issue, for a glance at it. */
export const latestEvent = (org: string, issue: string) =>
  queryOptions({
    queryKey: [org, "issues", "glance", issue],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/events/{event_id}/", {
          params: { path: { organization_slug: org, issue_id: issue, event_id: "latest" } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const prefetchList = (org: string, search: Search): void =>
  void queryClient.prefetchInfiniteQuery(issueList(org, search));
