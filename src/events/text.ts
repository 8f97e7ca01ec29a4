import type { Json } from "../protocol/json";

/** Text that PostgreSQL and every JSON reader can hold: no NUL, no half surrogate. */
export function wellFormed(text: string): string {
  const clean = text.includes("\u0000") ? text.replaceAll("\u0000", "\uFFFD") : text;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}

/** Scalars become text, anything else JSON; null, undefined, blank text and what is empty become undefined. */
export function textOf(value: unknown, charsMax: number): string | undefined {
  if (value === null || value === undefined || isEmpty(value)) return undefined;
  const text = typeof value === "string" ? value : asJson(value, charsMax * 4);
  const trimmed = wellFormed(
    text.length > charsMax * 4 ? text.slice(0, charsMax * 4) : text,
  ).trim();
  return trimmed === "" ? undefined : cut(trimmed, charsMax);
}

/** An empty list or object is nothing, where a text belongs. */
const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** At most so many characters, the last one an ellipsis when something is missing. */
export function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).toWellFormed()}…`;
}

/** Line ends, with the blanks around them, become one blank. */
export function inOneLine(text: string): string {
  if (!/[\r\n]/.test(text)) return text;
  const lines = text.split(/[\r\n]/).map((line) => line.trim());
  return lines.filter((line) => line !== "").join(" ");
}

export function firstLine(text: string): string {
  const line = text.split(/\r?\n/, 50).find((each) => each.trim() !== "");
  return (line ?? "").trim();
}
/** What `String` makes of JSON. A thing may have a member called `toString`, so it is not asked. */
export function printed(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map((each) => printed(each ?? "")).join(",");
  return typeof value === "object" && value !== null ? "[object Object]" : String(value);
}

const levelsMax = 100;

/** JSON of a value, as JSON.stringify writes it; what would be longer than `charsMax` is not written to its end. */
export function asJson(value: unknown, charsMax: number): string {
  let text = "";
  const print = (part: unknown, level: number) => {
    if (text.length > charsMax) return;
    if (typeof part === "string") text += JSON.stringify(part.slice(0, charsMax));
    else if (typeof part !== "object" || part === null) text += String(part);
    else if (level >= levelsMax) text += "…";
    else if (Array.isArray(part)) {
      text += "[";
      for (const [index, member] of part.entries()) {
        if (text.length > charsMax) return;
        if (index > 0) text += ",";
        print(member, level + 1);
      }
      text += "]";
    } else {
      text += "{";
      for (const [index, [key, member]] of Object.entries(part).entries()) {
        if (text.length > charsMax) return;
        text += `${index > 0 ? "," : ""}${JSON.stringify(key)}:`;
        print(member, level + 1);
      }
      text += "}";
    }
  };
  print(value, 0);
  return text;
}
