import { queryOptions } from "@tanstack/react-query";
import { minuteMs } from "../../protocol/durations";
import { api, ok, type Schema } from "../api/client";

export type View = Schema<"View">;
export type ViewUpdate = Schema<"ViewUpdate">;

/** Of a page; an organization with more of them finds the rest by the name. */
const viewsMax = 100;
export const viewsKey = (org: string) => [org, "views"];

/** Every view that one sees, by name. */
export const allViews = (org: string) =>
  queryOptions({
    queryKey: [...viewsKey(org), "all"],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/group-search-views/", {
          params: { path: { organization_slug: org }, query: { limit: viewsMax } },
        }),
      ),
    staleTime: minuteMs,
  });

/** One's tabs, in their order. */
export const viewTabs = (org: string) =>
  queryOptions({
    queryKey: [...viewsKey(org), "tabs"],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/group-search-views/starred/", {
          params: { path: { organization_slug: org } },
        }),
      ),
    staleTime: minuteMs,
    retry: false,
  });
