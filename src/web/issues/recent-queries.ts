import { queryOptions } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { api, ok } from "../api/client";
import { queryClient } from "../api/query-client";

const shownMax = 10;

/** What one searched for lately, on whichever machine, the latest first. */
export const recentSearches = (org: string) =>
  queryOptions({
    queryKey: [org, "recent-searches"],
    queryFn: async () => {
      const found = await ok(
        api.GET("/api/0/organizations/{organization_slug}/recent-searches/", {
          params: { path: { organization_slug: org }, query: { limit: shownMax } },
        }),
      );
      return found.map(({ query }) => query);
    },
    staleTime: minuteMs,
    retry: false,
  });

/** Only a convenience: where it cannot be kept, nobody is bothered. */
export function rememberSearch(org: string, query: string): void {
  if (query === "") return;
  queryClient.setQueryData(recentSearches(org).queryKey, (before: string[] = []) =>
    [query, ...before.filter((text) => text !== query)].slice(0, shownMax),
  );
  void ok(
    api.POST("/api/0/organizations/{organization_slug}/recent-searches/", {
      params: { path: { organization_slug: org } },
      body: { query },
    }),
  ).catch(() => undefined);
}
