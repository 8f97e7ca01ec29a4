import { entriesOf, isBranch, leafText } from "../../protocol/tree-values";
import { t } from "../words";

/** So many members of a list or an object are shown until somebody asks for more. */
export const membersShown = 50;
const previewChars = 80;
const previewMembers = 5;
const textShown = 5000;

/** A branch in a line: `{a: 1, b: […]}`, with as much as fits; never walks further than it shows. */
export function previewOf(value: unknown): string {
  const isList = Array.isArray(value);
  const parts: string[] = [];
  let chars = 0;
  const entries = entriesOf(value);
  for (const [name, one] of entries.slice(0, previewMembers)) {
    const shown = isBranch(one) ? (Array.isArray(one) ? "[…]" : "{…}") : leafText(one).slice(0, 30);
    const part = isList ? shown : `${name.slice(0, 30)}: ${shown}`;
    chars += part.length + 2;
    if (chars > previewChars && parts.length > 0) break;
    parts.push(part);
  }
  if (parts.length < entries.length) parts.push("…");
  return isList ? `[${parts.join(", ")}]` : `{${parts.join(", ")}}`;
}

export type LeafKind = "string" | "number" | "keyword" | "empty" | "plain";

export function leafKind(value: unknown): LeafKind {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean" || value === null) return "keyword";
  if (typeof value === "string") return value === "" ? "empty" : "string";
  return "plain";
}

/** A long text is cut; the rest is one step away. */
export function shortText(text: string): { text: string; rest: number } {
  if (text.length <= textShown) return { text, rest: 0 };
  return { text: text.slice(0, textShown), rest: text.length - textShown };
}

/** "12 items", "1 member" */
export const sizeWords = (value: object): string => {
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  return Array.isArray(value) ? t("{count} items", { count }) : t("{count} members", { count });
};
