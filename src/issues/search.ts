import { lookUp } from "../protocol/dictionary";

/** What a search asks for. Everything must hold at once. */
export type Search = {
  /** A status that does not exist finds nothing, hence the plain strings. */
  statuses: string[];
  levels: string[];
  tags: { key: string; value: string; negated: boolean }[];
  has: { key: string; negated: boolean }[];
  /** Texts that must occur in title, culprit or message; `*` stands for anything. */
  texts: string[];
  /** The whole search is an event id: 32 hex digits. */
  eventId?: string;
};

export const searchCharsMax = 1000;
const termsMax = 20;

/** Words, `is:`, `has:`, `level:` and any `tag:value`, with quotes and a leading `!`. Never fails. */
export function parseSearch(query: string | undefined): Search {
  const search: Search = { statuses: [], levels: [], tags: [], has: [], texts: [] };
  const text = (query ?? "").slice(0, searchCharsMax).replaceAll("\u0000", "").trim();
  const id = text.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(id)) return { ...search, eventId: id };

  const words: string[] = [];
  for (const term of termsOf(text).slice(0, termsMax)) {
    const [, bang, key, value] = /^(!?)([A-Za-z0-9_.-]+):(.*)$/s.exec(term.raw) ?? [];
    if (key === undefined || value === undefined || value.startsWith("//")) {
      words.push(unquote(term.raw));
      continue;
    }
    const negated = bang === "!";
    const wanted = unquote(value);
    if (key === "is") search.statuses.push(wanted);
    else if (key === "has") search.has.push({ key: wanted, negated });
    else if (key === "level" && !negated) search.levels.push(wanted);
    else search.tags.push({ key, value: wanted, negated });
  }
  search.texts = words.map((word) => word.trim()).filter((word) => word !== "");
  return search;
}

/** Splits at blanks outside of quotes; an unbalanced quote is an ordinary character. */
function termsOf(text: string): { raw: string }[] {
  const terms: { raw: string }[] = [];
  let start = -1;
  let isBalanced = true;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (sign === undefined || /\s/.test(sign)) {
      if (start >= 0) terms.push({ raw: text.slice(start, at) });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (sign !== '"' || !isBalanced) continue;
    const end = endOfQuoted(text, at);
    // Whatever follows a quote that nothing ends is not ended either: it is looked for once.
    if (end < 0) isBalanced = false;
    else at = end;
  }
  return terms;
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
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

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

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
