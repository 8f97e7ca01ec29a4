import { isObject } from "./json";

/** Members of what can be opened, in its own order. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  Array.isArray(value)
    ? value.map((one: unknown, index): [string, unknown] => [String(index), one])
    : isObject(value)
      ? Object.entries(value)
      : [];

export const isBranch = (value: unknown): value is object =>
  (Array.isArray(value) && value.length > 0) || (isObject(value) && Object.keys(value).length > 0);

/** What is no branch, as JSON writes it; Python's and other languages' own words for things stay as they are. */
export function leafText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "undefined";
  return JSON.stringify(value);
}
