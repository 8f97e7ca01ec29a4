import { type Search, searchOf } from "../filters";
import type { View } from "./view-queries";

/** Where a view is seen: all that it says stands in the address, and which one it is. */
export function addressOfView(view: View): Search {
  const { period, start, end } = view.timeFilters;
  return {
    ...searchOf({
      projects: view.projects.map(String),
      environments: view.environments,
      statsPeriod: period ?? undefined,
      start: start ?? undefined,
      end: end ?? undefined,
      query: view.query,
      sort: view.querySort || undefined,
    }),
    view: view.id,
  };
}

/** The view that an address names. */
export const viewIn = (search: Search, views: readonly View[]): View | undefined =>
  views.find(({ id }) => id === search["view"]);
