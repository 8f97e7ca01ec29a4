import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, page } from "../api/client";
import { settingsStaleMs } from "../api/query-client";

const peopleMax = 20;

/** Members whose name or address has the words: the first of them. */
export const membersNamed = (org: string, words: string) =>
  queryOptions({
    queryKey: [org, "members", "named", words],
    queryFn: async ({ signal }) => {
      const found = await page(
        api.GET("/api/0/organizations/{organization_slug}/members/", {
          params: {
            path: { organization_slug: org },
            query: { limit: peopleMax, ...(words && { query: words }) },
          },
          signal,
        }),
      );
      // Who was only invited works on nothing yet.
      return found.rows.flatMap(({ user }) => user ?? []);
    },
    placeholderData: keepPreviousData,
    staleTime: settingsStaleMs,
  });
