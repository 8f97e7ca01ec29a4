import { queryOptions } from "@tanstack/react-query";
import { api, ok } from "../api/client";
import { settingsStaleMs } from "../api/query-client";

/** The environments that an organization's events name. */
export const environments = (org: string) =>
  queryOptions({
    queryKey: [org, "environments"],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/environments/", {
          params: { path: { organization_slug: org } },
        }),
      ),
    staleTime: settingsStaleMs,
  });
