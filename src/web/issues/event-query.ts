import type { Search } from "../filters";

/** `key:"value"` as the search of events reads it. */
export const tagTerm = (key: string, value: string, isExcluded = false): string => {
  const name = /[\s:"]/.test(key) ? `"${key.replaceAll('"', "")}"` : key;
  const text = /^[\w.@/+-]+$/.test(value)
    ? value
    : `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return `${isExcluded ? "!" : ""}${name}:${text}`;
};

/** The address with one term more in its search; what it says already stays once. */
export function withTerm(search: Search, term: string): Search {
  const given = new Map(Object.entries(search)).get("query");
  const query = (Array.isArray(given) ? given[0] : given)?.trim() ?? "";
  if (` ${query} `.includes(` ${term} `)) return search;
  return { ...search, query: query === "" ? term : `${query} ${term}` };
}

/** The address of events that have a tag, or that do not have it. An environment has a filter of its own, which counts. */
export const withTag = (search: Search, key: string, value: string, isExcluded = false): Search =>
  key === "environment" && value !== "" && !isExcluded
    ? { ...search, environment: value }
    : withTerm(search, tagTerm(key, value, isExcluded));
