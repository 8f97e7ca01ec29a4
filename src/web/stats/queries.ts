import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "../api/client";
import type { Filters } from "../filters";
import { defaultPeriod } from "../first-requests";

export type Stats = Schema<"Stats">;
type Grouping = "outcome" | "category" | "reason" | "project";

/** What was accepted and what was not, in the time and the projects of the filters. */
export const stats = (org: string, filters: Filters, groupBy: Grouping[], interval: "1h" | "1d") =>
  queryOptions({
    queryKey: [
      org,
      "stats",
      groupBy,
      interval,
      filters.projects,
      filters.statsPeriod,
      filters.start,
      filters.end,
    ],
    queryFn: () =>
      ok(
        api.GET("/api/0/organizations/{organization_slug}/stats_v2/", {
          params: {
            path: { organization_slug: org },
            query: {
              field: "sum(quantity)",
              groupBy,
              interval,
              ...(filters.projects.length > 0 && { project: filters.projects.map(Number) }),
              ...(filters.start || filters.end
                ? {
                    ...(filters.start && { start: filters.start }),
                    ...(filters.end && { end: filters.end }),
                  }
                : { statsPeriod: filters.statsPeriod ?? defaultPeriod }),
            },
          },
        }),
      ),
  });
