/** What the address of a list says: names and values as Sentry's links have them. */
export type Search = Record<string, string | string[]>;

/** `?project=1&project=2&query=x` → values by name; a name that stands there twice has a list. */
export function parseSearch(text: string): Search {
  const given = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const values = given.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

export function stringifySearch(search: Record<string, unknown>): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) written.append(name, String(one));
    }
  }
  const text = written.toString();
  return text === "" ? "" : `?${text}`;
}

/** The filters that every list has. Times are `now-7d` or ISO; `statsPeriod` counts where there is no start or end. */
export type Filters = {
  projects: string[];
  environments: string[];
  statsPeriod: string | undefined;
  start: string | undefined;
  end: string | undefined;
  query: string | undefined;
  sort: string | undefined;
};

const valuesMax = 100;

export function filtersOf(search: Search): Filters {
  const known = new Map(Object.entries(search));
  const all = (name: string) => {
    const value = known.get(name);
    return (Array.isArray(value) ? value : value ? [value] : []).slice(0, valuesMax);
  };
  const one = (name: string) => {
    const value = known.get(name);
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    projects: all("project"),
    environments: all("environment"),
    statsPeriod: one("statsPeriod") || undefined,
    start: one("start") || undefined,
    end: one("end") || undefined,
    query: one("query"),
    sort: one("sort") || undefined,
  };
}

/** Filters → what stands in an address; what is not set is left out. */
export function searchOf(filters: Partial<Filters>): Search {
  const search: [string, string | string[] | undefined][] = [
    ["project", filters.projects],
    ["environment", filters.environments],
    ["statsPeriod", filters.start || filters.end ? undefined : filters.statsPeriod],
    ["start", filters.start],
    ["end", filters.end],
    ["query", filters.query],
    ["sort", filters.sort],
  ];
  return Object.fromEntries(
    search.flatMap(([name, value]) =>
      value === undefined || (value.length === 0 && name !== "query") ? [] : [[name, value]],
    ),
  );
}

/** The names that lists pass on to each other. */
export const sharedNames = ["project", "environment", "statsPeriod", "start", "end"] as const;

/** The part of an address that another list takes over. */
export const sharedPart = (search: Search): Search =>
  Object.fromEntries(
    Object.entries(search).filter(([name]) => (sharedNames as readonly string[]).includes(name)),
  );
