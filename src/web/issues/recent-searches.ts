const keptMax = 10;
const charsMax = 1000;
const keyOf = (org: string) => `brinkwatch.searches.${org}`;

/** What somebody searched for in this browser, the latest first. */
export function recentSearches(org: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(org)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSearch).slice(0, keptMax) : [];
  } catch {
    return [];
  }
}

const isSearch = (text: unknown): text is string =>
  typeof text === "string" && text !== "" && text.length <= charsMax;

export function rememberSearch(org: string, query: string): void {
  if (!isSearch(query)) return;
  const others = recentSearches(org).filter((text) => text !== query);
  try {
    localStorage.setItem(keyOf(org), JSON.stringify([query, ...others].slice(0, keptMax)));
  } catch {
    // Only a convenience.
  }
}
