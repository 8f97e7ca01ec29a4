import { isObject } from "../../protocol/json";

/** The members of an object by name; nothing of what is none. */
export const membersOf = (value: unknown): Map<string, unknown> =>
  new Map(isObject(value) ? Object.entries(value) : []);

/** A text that is not empty; numbers are written out. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : undefined;

export const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** `[["a", "b"]]` or `{a: "b"}` → pairs of texts. */
export function pairsIn(value: unknown): [string, string][] {
  const pairs: unknown[] = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.entries(value)
      : [];
  return pairs.flatMap((pair): [string, string][] => {
    if (!Array.isArray(pair)) return [];
    const [name, one] = pair as unknown[];
    if (typeof name !== "string") return [];
    return [[name, typeof one === "string" ? one : one === null ? "" : JSON.stringify(one ?? "")]];
  });
}
