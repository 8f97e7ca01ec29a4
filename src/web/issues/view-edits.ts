import { filtersOf, type Search } from "../filters";
import { defaultPeriod } from "../first-requests";
import { queryIn } from "./list-presets";
import { addressOfView } from "./view-address";
import type { View, ViewUpdate } from "./view-queries";

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
