import { filtersOf, type Search, searchOf } from "../filters";
import { defaultPeriod } from "../first-requests";
import { queryIn } from "./list-presets";
import type { View, ViewUpdate } from "./view-queries";

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

/** What a view of a list keeps. */
export function viewOf(search: Search): ViewUpdate & { query: string } {
  const { projects, environments, statsPeriod, start, end, sort } = filtersOf(search);
  return {
    query: queryIn(search),
    querySort: sort ?? "",
    projects: projects.map(Number).filter(Number.isSafeInteger),
    environments,
    timeFilters:
      start || end
        ? { start: start ?? null, end: end ?? null }
        : { period: statsPeriod ?? defaultPeriod },
  };
}

/** The view that an address names. */
export const viewIn = (search: Search, views: readonly View[]): View | undefined =>
  views.find(({ id }) => id === search["view"]);

/** Whether a list is another one than the view that its address names. */
export function isEdited(view: View, search: Search): boolean {
  const text = (of: Search) => JSON.stringify(sorted(viewOf(of)));
  return text(search) !== text(addressOfView(view));
}

const sorted = (kept: ReturnType<typeof viewOf>) => ({
  ...kept,
  projects: kept.projects?.toSorted((a, b) => a - b),
  environments: kept.environments?.toSorted(),
});
