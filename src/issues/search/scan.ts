import type { Part } from "../../fault";
import { type Pattern, written } from "../../protocol/pattern";
import { isWordOfSearches, searchKeyOf } from "../../protocol/search-keys";
import { invalid, type Term, type Words } from "./tree";

/** Text that is read from `at` up to, and not including, `end`. */
export type Reader = {
  text: string;
  at: number;
  end: number;
  /** Place of the `)` that belongs to a `(`, by the place of that. */
  closings: ReadonlyMap<number, number>;
};

export const valuesMax = 100;
const keyCharsMax = 200;
const namePattern = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const bracketPattern =
  /(?:tags|flags)\[(?:"([^"\]]{1,200})"|([^\]\s",]{1,200}))(,[a-z]{1,10})?\]:/y;
/** How links of Sentry's pages write `contains` and the like: between two characters that nobody types. */
const operatorPattern = /\uf00d(contains|starts ?with|ends ?with)\uf00d/iy;

export const isBlank = (sign: string | undefined): boolean => sign !== undefined && /\s/.test(sign);

/** Finds for each `(` outside of quotes the `)` that ends it, in one pass. */
export function closingsOf(text: string): Map<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' && mayQuote(text[at - 1])) {
      const end = endOfQuoted(text, at, text.length);
      if (end < 0) continue;
      at = end;
    } else if (sign === "(") open.push(at);
    else if (sign === ")") {
      const start = open.pop();
      if (start !== undefined) closings.set(start, at);
    }
  }
  return closings;
}

/** A quote within a word is a character like others. */
const mayQuote = (before: string | undefined) =>
  before === undefined || /[\s(!:[,<>=]/.test(before);

export function endOfQuoted(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

/** `key:value`, or undefined where a word stands: then nothing was read. Faults: invalid. */
export function readTerm(reader: Reader): Term | undefined {
  const start = reader.at;
  const named = readKey(reader);
  if (!named) {
    reader.at = start;
    return undefined;
  }
  const { key } = named;
  const { values, isList } = readValue(reader, key);
  const part = { position: start, length: reader.at - start };
  if (!isList && values.length === 0) throw invalid(`${key}: needs a value`, part);
  if (values.length === 0) throw invalid(`The list of ${key} is empty`, part);
  if (values.length > valuesMax) throw invalid(`A list has at most ${valuesMax} values`, part);
  return { on: "term", ...named, values, isList, part };
}

/** Reads `name:`, `"name":` or `tags[name]:` where what follows makes a filter of it. */
function readKey(reader: Reader): Pick<Term, "key" | "isTag" | "isNumber"> | undefined {
  const { text, at, end } = reader;
  bracketPattern.lastIndex = at;
  const bracket = bracketPattern.exec(text);
  if (bracket) {
    const [all, quoted, bare, kind] = bracket;
    reader.at = at + all.length;
    if (reader.at > end) return undefined;
    if (kind && kind !== ",string" && kind !== ",number") {
      const part = { position: at, length: all.length };
      throw invalid("A tag is a text or a number: tags[name,number]", part);
    }
    return {
      key: quoted ?? bare ?? "",
      isTag: true,
      ...(kind === ",number" && { isNumber: true as const }),
    };
  }
  const closing = text[at] === '"' ? endOfQuoted(text, at, end) : -1;
  if (closing > at + 1 && closing - at <= keyCharsMax) {
    reader.at = closing + 2;
    return text[closing + 1] === ":" && reader.at < end && !isBlank(text[reader.at])
      ? { key: unescaped(text.slice(at + 1, closing)).join("*"), isTag: false }
      : undefined;
  }
  namePattern.lastIndex = at;
  const [key = ""] = namePattern.exec(text) ?? [];
  reader.at = at + key.length + 1;
  if (key === "" || key.length > keyCharsMax || text[at + key.length] !== ":" || reader.at > end)
    return undefined;
  return isFilter(key, text.slice(reader.at, Math.min(end, reader.at + 2)))
    ? { key, isTag: false }
    : undefined;
}

/** `Foo::Bar`, `https://…`, `TypeError: x` and `C:\…` are text, whatever stands before the colon. */
function isFilter(key: string, next: string): boolean {
  if (next.startsWith(":") || next === "//") return false;
  if (next === "" || isBlank(next[0])) return isWordOfSearches(key);
  return !(key.length === 1 && next.startsWith("\\"));
}

function readValue(reader: Reader, key: string): { values: Pattern[]; isList: boolean } {
  const { text, at } = reader;
  operatorPattern.lastIndex = at;
  const [operator, word = ""] = operatorPattern.exec(text) ?? [];
  if (operator !== undefined) {
    reader.at += operator.length;
    const value = readOne(reader, key);
    return { values: value === undefined ? [] : [around(word, written(value))], isList: false };
  }
  const list = text[at] === "[" ? readList(reader) : undefined;
  if (list) return { values: list, isList: true };
  const value = readOne(reader, key);
  return { values: value ? [value] : [], isList: false };
}

/** Between these, `*` is a character like others. */
function around(word: string, text: string): Pattern {
  if (/^contains$/i.test(word)) return ["", text, ""];
  return /^starts/i.test(word) ? [text, ""] : ["", text];
}

function readOne(reader: Reader, key: string): Pattern | undefined {
  const { text, at, end } = reader;
  const kind = searchKeyOf(key)?.values;
  const [sign = ""] =
    kind === "count" || kind === "moment" ? (/^[<>=]{1,2}/.exec(text.slice(at, at + 2)) ?? []) : [];
  const start = at + sign.length;
  const closing = text[start] === '"' ? endOfQuoted(text, start, end) : -1;
  if (closing >= 0) {
    reader.at = closing + 1;
    const [first = "", ...rest] = unescaped(text.slice(start + 1, closing));
    return [sign + first, ...rest];
  }
  const run = readRun(reader);
  return run === "" ? undefined : unescaped(run, "*");
}

/** `[a, "b c"]`, if it is closed and nothing else is glued to it; else the bracket is a character like others. */
function readList(reader: Reader): Pattern[] | undefined {
  const { text, end } = reader;
  const items: Pattern[] = [];
  let start = reader.at + 1;
  let quoted: Pattern | undefined;
  for (let at = start; at < end; at++) {
    const sign = text[at];
    if (sign === '"' && text.slice(start, at).trim() === "") {
      const closing = endOfQuoted(text, at, end);
      if (closing < 0) return undefined;
      quoted = unescaped(text.slice(at + 1, closing));
      at = closing;
    } else if (sign === "," || sign === "]") {
      const item = quoted ?? unescaped(text.slice(start, at).trim(), "*");
      if (quoted || item.join("") !== "" || item.length > 1) items.push(item);
      quoted = undefined;
      start = at + 1;
      if (sign === ",") continue;
      if (at + 1 < end && !isBlank(text[at + 1])) return undefined;
      reader.at = at + 1;
      return items;
    }
  }
  return undefined;
}

/** A word or a quoted text. Reads one character at least. */
export function readWords(reader: Reader): Words {
  const { text, at, end } = reader;
  const closing = text[at] === '"' ? endOfQuoted(text, at, end) : -1;
  if (closing >= 0) {
    reader.at = closing + 1;
    return {
      on: "words",
      pattern: unescaped(text.slice(at + 1, closing)),
      part: partFrom(reader, at),
    };
  }
  const pattern = unescaped(readRun(reader), "*");
  return { on: "words", pattern, part: partFrom(reader, at) };
}

const partFrom = (reader: Reader, start: number): Part => ({
  position: start,
  length: reader.at - start,
});

/** Everything up to the next blank; what stands in balanced parentheses belongs to it. */
function readRun(reader: Reader): string {
  const { text, at: start, end } = reader;
  while (reader.at < end && !isBlank(text[reader.at])) reader.at++;
  return text.slice(start, reader.at);
}

/**
 * A text between its wildcards. `\*` is a star; in quotes `\"` is a quote and `\\` a backslash, elsewhere a backslash is
 * a character like others.
 */
function unescaped(text: string, escapable = '*"\\'): Pattern {
  const pieces: string[] = [];
  let piece = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "\\" && escapable.includes(text[at + 1] ?? "none")) {
      piece += text[++at];
    } else if (sign === "*") {
      pieces.push(clean(piece));
      piece = "";
    } else piece += sign;
  }
  return [...pieces, clean(piece)];
}

const clean = (text: string) => text.normalize("NFC");
