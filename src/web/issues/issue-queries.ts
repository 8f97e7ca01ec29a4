import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { api, call, ok, page, type Schema } from "../api/client";
import { listStaleMs, queryClient } from "../api/query-client";
import { patchIssues, readIssueAgain, stopReadingIssues, whileChanging } from "../api/undo";
import { filtersOf, type Search, stringifySearch } from "../filters";
import { eventFilterNames, eventPath, issuePath } from "../first-requests";
import { mount } from "../mount";

export type IssueEvent = Schema<"IssueEventDetail">;
export type Issue = Schema<"IssueDetail">;
type EventRow = Schema<"EventRow">;

/** An event does not change, its neighbours and its place do as others arrive and go. */
const neighboursStaleMs = 5 * minuteMs;
const eventsOfPage = 50;

/** The part of an address that says which events are asked for. */
export const eventSearch = (search: Search): Search =>
  Object.fromEntries(
    Object.entries(search).filter(([name]) =>
      (eventFilterNames as readonly string[]).includes(name),
    ),
  );

const eventKey = (org: string, issue: string, event: string, search: Search) => [
  org,
  "issues",
  "event",
  issue,
  event,
  stringifySearch(eventSearch(search)),
];

/** By its id or its short id. */
export const issueDetail = (org: string, issue: string) =>
  queryOptions({
    queryKey: [org, "issues", "detail", issue],
    queryFn: () => call<Issue>("GET", issuePath(org, issue)),
    staleTime: listStaleMs,
    // Who comes from a list knows the head of the page already.
    placeholderData: () => listedIssue(org, issue),
  });

/** Makes an issue public at an address of its own, or ends that. */
export async function setPublic(org: string, issue: string, isPublic: boolean): Promise<void> {
  stopReadingIssues(org);
  const { shareId } = await whileChanging(() =>
    ok(
      api.PUT("/api/0/organizations/{organization_slug}/issues/{issue_id}/", {
        params: { path: { organization_slug: org, issue_id: issue } },
        body: { isPublic },
      }),
    ),
  );
  patchIssues(org, (known) => (known.id === issue ? { ...known, shareId } : known));
  await readIssueAgain(org);
  await queryClient.invalidateQueries({ queryKey: [org, "issues", "activity", issue] });
}

/** An issue as it is in some environments. */
export const issueIn = (org: string, issue: string, environments: string[]) =>
  queryOptions({
    queryKey: [org, "issues", "in-environments", issue, environments],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/", {
          params: {
            path: { organization_slug: org, issue_id: issue },
            query: { environment: environments },
          },
        }),
      ),
    staleTime: listStaleMs,
  });

function listedIssue(org: string, id: string): Issue | undefined {
  const lists = queryClient.getQueriesData<{ pages: { rows: Issue[] }[] }>({
    queryKey: [org, "issues", "list"],
  });
  for (const [, list] of lists) {
    for (const { rows } of list?.pages ?? []) {
      const found = rows.find((row) => row.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

/** `event` is an id, latest, oldest or recommended; what is found is known under its id as well. */
export const issueEvent = (org: string, issue: string, event: string, search: Search) =>
  queryOptions({
    queryKey: eventKey(org, issue, event, search),
    queryFn: async () => {
      const found = await call<IssueEvent>(
        "GET",
        eventPath(org, issue, event, stringifySearch(search)),
      );
      queryClient.setQueryData(eventKey(org, issue, found.eventID, search), found);
      return found;
    },
    staleTime: ({ state: { data } }) =>
      !data || data.nextEventID === null ? listStaleMs : neighboursStaleMs,
    // The one before stays until this is here, but only of the same issue.
    placeholderData: (before, query) => (query?.queryKey[3] === issue ? before : undefined),
  });

export type Direction = "older" | "newer";

export const neighbourOf = (event: IssueEvent, direction: Direction): string | null =>
  direction === "older" ? event.previousEventID : event.nextEventID;

const neighboursAhead = 2;

/** Fetches the next events on a side before somebody asks for them. */
export async function prefetchNeighbours(
  org: string,
  issue: string,
  search: Search,
  event: IssueEvent,
  direction: Direction,
  ahead = neighboursAhead,
): Promise<void> {
  const id = neighbourOf(event, direction);
  if (id === null || ahead === 0) return;
  const next = await queryClient
    .ensureQueryData(issueEvent(org, issue, id, search))
    .catch(() => undefined);
  if (next) await prefetchNeighbours(org, issue, search, next, direction, ahead - 1);
}

/** An event that was fetched already. */
export const knownEvent = (
  org: string,
  issue: string,
  event: string,
  search: Search,
): IssueEvent | undefined => queryClient.getQueryData(eventKey(org, issue, event, search));

/** Rows of events, newest first, a page after the other. */
export const issueEvents = (org: string, issue: string, search: Search) =>
  infiniteQueryOptions({
    queryKey: [org, "issues", "events", issue, stringifySearch(eventSearch(search))],
    queryFn: ({ pageParam }) =>
      page(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/events/", {
          params: {
            path: { organization_slug: org, issue_id: issue },
            query: {
              ...eventSearch(search),
              full: "false",
              limit: eventsOfPage,
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ) as Promise<{ rows: EventRow[]; next: string | undefined }>,
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });

/** Tags of an issue with their most frequent values, in the environments of the address. */
export const issueTags = (org: string, issue: string, search: Search) => {
  const { environments: environment } = filtersOf(search);
  return queryOptions({
    queryKey: [org, "issues", "tags", issue, environment],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/tags/", {
          params: { path: { organization_slug: org, issue_id: issue }, query: { environment } },
        }),
      ),
    staleTime: minuteMs,
    placeholderData: keepPreviousData,
  });
};

const valuesOfPage = 100;

/** All values of a tag that have a text in them, a page after the other. */
export const tagValues = (
  org: string,
  issue: string,
  key: string,
  text: string,
  search: Search,
) => {
  const { environments: environment } = filtersOf(search);
  return infiniteQueryOptions({
    queryKey: [org, "issues", "tag-values", issue, key, text, environment],
    queryFn: ({ pageParam, signal }) =>
      page(
        api.GET(
          "/api/0/organizations/{organization_slug}/issues/{issue_id}/tags/{tag_key}/values/",
          {
            params: {
              path: { organization_slug: org, issue_id: issue, tag_key: key },
              query: {
                environment,
                query: text,
                limit: valuesOfPage,
                ...(pageParam && { cursor: pageParam }),
              },
            },
            signal,
          },
        ),
      ),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: minuteMs,
  });
};

/** Where the events that the address asks for come as a table. */
export const eventsCsvPath = (org: string, issue: string, search: Search): string =>
  `${mount}/api/0/organizations/${org}/issues/${issue}/events/csv/${stringifySearch(eventSearch(search))}`;

/** Events and people over time, of the environments and the period that the address asks for; else of 14 days. */
export function issueStats(org: string, issue: string, search: Search) {
  const { query: _, ...filter } = eventSearch(search);
  return queryOptions({
    queryKey: [org, "issues", "stats", issue, stringifySearch(filter)],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/issues/{issue_id}/stats/", {
          params: { path: { organization_slug: org, issue_id: issue } },
          querySerializer: () => stringifySearch(filter).slice(1),
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** An event as Markdown. Throws ApiFault. */
export const eventMarkdown = (org: string, issue: string, event: string): Promise<string> =>
  ok(
    api.GET(
      "/api/0/organizations/{organization_slug}/issues/{issue_id}/events/{event_id}/markdown/",
      {
        params: { path: { organization_slug: org, issue_id: issue, event_id: event } },
        headers: { accept: "text/markdown" },
        parseAs: "text",
      },
    ),
  );

/** What of an event decided which issue it is of. */
export const eventGrouping = (org: string, issue: string, event: string) =>
  queryOptions({
    queryKey: [org, "issues", "grouping", issue, event],
    queryFn: () =>
      ok(
        api.GET(
          "/api/0/organizations/{organization_slug}/issues/{issue_id}/events/{event_id}/grouping/",
          { params: { path: { organization_slug: org, issue_id: issue, event_id: event } } },
        ),
      ),
    staleTime: neighboursStaleMs,
  });
