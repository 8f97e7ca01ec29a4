import type { Search } from "../filters";
import { defaultQuery } from "../first-requests";
import { t } from "../words";

/** The tabs of the list: each is a search that one can go on writing. */
export const presets = [
  { id: "new", label: t("New"), query: "is:new" },
  { id: "unresolved", label: t("Unresolved"), query: defaultQuery },
  { id: "mine", label: t("Mine"), query: "is:unresolved assigned:[me,my_teams]" },
  { id: "muted", label: t("Muted"), query: "is:ignored" },
  { id: "resolved", label: t("Resolved"), query: "is:resolved" },
  { id: "all", label: t("All"), query: "" },
] as const;

/** The address of a list with another search; the usual one is left out. */
export function withQuery(search: Search, query: string): Search {
  const others = Object.entries(search).filter(([name]) => name !== "query" && name !== "cursor");
  return Object.fromEntries([...others, ...(query === defaultQuery ? [] : [["query", query]])]);
}

/** The search that an address asks for. */
export function queryIn({ query }: Search): string {
  return (Array.isArray(query) ? query[0] : query) ?? defaultQuery;
}

export const sorts = [
  { value: "", label: t("Last seen") },
  { value: "new", label: t("First seen") },
  { value: "freq", label: t("Events") },
  { value: "user", label: t("People") },
  { value: "trends", label: t("Growth") },
] as const;
