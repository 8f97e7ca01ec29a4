import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "../api/client";

const charsMax = 200;

/** Projects, teams, people and issues of an organization with these words: a few of each. */
export const searchEverything = (org: string, query: string) =>
  queryOptions({
    queryKey: [org, "search", query],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/search/", {
          params: { path: { organization_slug: org }, query: { query: query.slice(0, charsMax) } },
          signal,
        }),
      ),
    placeholderData: (old) => old,
  });
