import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "../api/client";
import { settingsStaleMs } from "../api/query-client";
import { filtersOf, type Search } from "../filters";

const prefixCharsMax = 100;
const keyCharsMax = 200;

const narrowed = (search: Search) => {
  const { projects, environments } = filtersOf(search);
  return { project: projects.map(Number), environment: environments };
};
const textOf = (search: Search) => JSON.stringify(narrowed(search));

/** What a search may ask for in these projects: fields, then tags, the most frequent first. */
export const suggestedKeys = (org: string, search: Search) =>
  queryOptions({
    queryKey: [org, "issues", "search-keys", textOf(search)],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/tags/", {
          params: { path: { organization_slug: org }, query: narrowed(search) },
          signal,
        }),
      ),
    staleTime: settingsStaleMs,
    retry: false,
  });

/** Values of a key that begin like what was typed, the most frequent first; those before stay until these are here. */
export const suggestedValues = (org: string, search: Search, key: string, prefix: string) =>
  queryOptions({
    queryKey: [org, "issues", "search-values", key, prefix, textOf(search)],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/tags/{tag_key}/values/", {
          params: {
            path: { organization_slug: org, tag_key: key.slice(0, keyCharsMax) },
            query: { ...narrowed(search), query: prefix.slice(0, prefixCharsMax) },
          },
          signal,
        }),
      ),
    staleTime: settingsStaleMs,
    retry: false,
    placeholderData: (before, query) => (query?.queryKey[3] === key ? before : undefined),
  });
