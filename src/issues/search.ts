import { Fault, type Part } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { unitMs } from "../protocol/durations";
import { parseShortId, type ShortId } from "./short-id";

/** One `key:value`. Nothing in it is looked up yet: src/issues/filter.ts makes conditions of it. */
export type Term = {
  key: string;
  /** Any one of them is enough; an empty text asks for what has none. */
  values: string[];
  isList: boolean;
  negated: boolean;
  /** The key was given as `tags[key]`: a tag, also where a field has the same name. */
  isTag: boolean;
  /** Where it stands in the search. */
  part?: Part;
};

/** What a search asks for, as it is written. Everything must hold at once. */
export type Search = {
  terms: Term[];
  /** Texts that must occur in title, culprit or message; `*` stands for anything. */
  texts: string[];
  /** The whole search is an event id: 32 hex digits. */
  eventId?: string;
  /** The whole search looks like a short id; when there is no such issue, it is a text. */
  shortId?: ShortId;
};

export const searchCharsMax = 1000;
const termsMax = 50;
const valuesMax = 50;

const termPattern =
  /^(!?)(?:tags\[([^\]\s]{1,200})\]|([A-Za-z_][A-Za-z0-9_.-]*)):(?!:|\/\/|\\)(.+)$/s;

/**
 * Words, quoted texts and `key:value`, with lists (`key:[a, b]`), `tags[key]:value` and a leading `!`. What is too long
 * to be read whole is refused: a part of a filter finds more than the whole. Faults: invalid.
 */
export function parseSearch(query: string | undefined): Search {
  const search: Search = { terms: [], texts: [] };
  const given = query ?? "";
  const text = given.replaceAll("\u0000", " ").trim();
  const start = given.replaceAll("\u0000", " ").indexOf(text);
  if (text.length > searchCharsMax)
    throw invalid(`A search has at most ${searchCharsMax} characters`);
  const id = text.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) return { ...search, eventId: id };

  const words: Word[] = [];
  for (const { raw, at } of wordsOf(text)) {
    const part = { position: start + at, length: raw.length };
    const term = aboutPart(part, () => termOf(raw));
    if (term) search.terms.push({ ...term, part });
    else words.push({ raw, at: part.position });
  }
  if (search.terms.length + words.length > termsMax)
    throw invalid(`A search has at most ${termsMax} terms`);
  if (search.terms.length > 0) refuseLogic(words);
  search.texts = words
    .filter(({ raw }) => search.terms.length === 0 || raw !== "AND")
    .map(({ raw }) => unquote(raw).trim())
    .filter((word) => word !== "");
  const shortId = search.terms.length === 0 ? parseShortId(text) : undefined;
  return { ...search, ...(shortId && { shortId }) };
}

const invalid = (detail: string, part?: Part) => new Fault("invalid", detail, part && { part });

/** Does something with a part of a search; what is refused then says which part it is about. */
export function aboutPart<T>(part: Part | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.part || !part) throw error;
    throw new Fault(error.kind, error.message, { cause: error.cause, part });
  }
}

/** A run of characters without a blank, and where it begins. */
type Word = { raw: string; at: number };

function termOf(raw: string): Term | undefined {
  const [, bang, tag, name, value] = termPattern.exec(raw) ?? [];
  const key = tag ?? name;
  if (key === undefined || value === undefined) return undefined;
  const [, list] = /^\[(.*)\]$/s.exec(value) ?? [];
  const values = list === undefined ? [value] : itemsOf(list);
  if (values.length === 0) throw invalid(`The list of ${key} is empty`);
  if (values.length > valuesMax) throw invalid(`A list has at most ${valuesMax} values`);
  return {
    key,
    values: values.map(unquote),
    isList: list !== undefined,
    negated: bang === "!",
    isTag: tag !== undefined,
  };
}

/** All terms hold at once: a search that wants it otherwise must not be answered as if it did not. */
function refuseLogic(words: Word[]): void {
  for (const { raw, at } of words) {
    const part = { position: at, length: raw.length };
    if (raw === "OR") {
      throw invalid(
        "OR is not supported here: use a list (key:[a, b]), or quotes for the word",
        part,
      );
    }
    if (raw === "NOT") throw invalid("NOT is not supported here: write !key:value", part);
    if (/^!?\(+!?[A-Za-z_][\w.-]*:./.test(raw)) {
      throw invalid("Parentheses are not supported here", part);
    }
  }
}

/** Splits at blanks outside of quotes and lists; an unbalanced quote or bracket is an ordinary character. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let start = -1;
  let isBalanced = true;
  let isClosed = true;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (sign === undefined || /\s/.test(sign)) {
      if (start >= 0) words.push({ raw: text.slice(start, at), at: start });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    // Whatever follows a quote or bracket that nothing ends is not ended either: it is looked for once.
    if (sign === '"' && isBalanced) {
      const end = endOfQuoted(text, at);
      if (end < 0) isBalanced = false;
      else at = end;
    } else if (sign === "[" && text[at - 1] === ":" && at > start && isClosed) {
      const end = endOfList(text, at);
      if (end < 0) isClosed = false;
      else at = end;
    }
  }
  return words;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function endOfList(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "]") return at;
    if (text[at] !== '"') continue;
    const end = endOfQuoted(text, at);
    if (end < 0) return -1;
    at = end;
  }
  return -1;
}

/** Items of a list, still quoted. */
function itemsOf(list: string): string[] {
  const items: string[] = [];
  let start = 0;
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === '"') {
      const end = endOfQuoted(list, at);
      if (end > 0) at = end;
    } else if (at === list.length || list[at] === ",") {
      items.push(list.slice(start, at).trim());
      start = at + 1;
    }
  }
  return items.filter((item) => item !== "");
}

function unquote(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return quoted?.[1] !== undefined ? quoted[1].replace(/\\(.)/g, "$1") : text.replaceAll('"', "");
}

export const sorts = ["last_seen", "first_seen", "count", "priority", "users"] as const;
export type Sort = { by: (typeof sorts)[number]; descending: boolean };

const words: Record<string, Sort> = {
  date: { by: "last_seen", descending: true },
  new: { by: "first_seen", descending: true },
  freq: { by: "count", descending: true },
  user: { by: "users", descending: true },
  recommended: { by: "priority", descending: true },
};

/** GlitchTip's names with an optional sign, or Sentry's words. undefined: neither. */
export function parseSort(text: string | undefined): Sort | undefined {
  if (!text) return { by: "last_seen", descending: true };
  const word = lookUp(words, text);
  if (word) return word;
  const by = sorts.find((sort) => sort === text.replace(/^-/, ""));
  return by && { by, descending: text.startsWith("-") };
}

/** `now`, `now-15m`, `now-1h`, `now-7d`, or ISO 8601. undefined: not a moment. */
export function parseMoment(text: string, now: Date): Date | undefined {
  const relative = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(text);
  if (relative) {
    const [, count = "0", unit = "s"] = relative;
    return new Date(+now - Number(count) * (lookUp(unitMs, unit) ?? 0));
  }
  const moment = new Date(text);
  return Number.isNaN(+moment) ? undefined : moment;
}
