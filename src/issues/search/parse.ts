import type { Part } from "../../fault";
import { normalizeEventId } from "../../protocol/event-id";
import { parseShortId, type ShortId } from "../short-id";
import { closingsOf, isBlank, type Reader, readTerm, readWords } from "./scan";
import { invalid, type Node, type Words } from "./tree";

/** What a search asks for. */
export type Search = {
  /** undefined: nothing, so everything is found. */
  root: Node | undefined;
  /** The whole search is an event id: 32 hex digits. */
  eventId?: string;
  /** The whole search looks like a short id; when there is no such issue, it is a text. */
  shortId?: ShortId;
};

/** What is longer is refused by the parser, in its words; what is longer than a request may be, before. */
export const searchCharsMax = 4096;
export const queryCharsMax = 16_384;
const termsMax = 100;
const depthMax = 20;

/**
 * Words and quoted texts that must occur, `key:value` and `key:[a, b]`, `tags[key]:value`, `*` for anything, `!` or NOT
 * before anything, AND (which needs not be written), OR, and parentheses. What is too long to be read whole is refused:
 * a part of a filter finds more than the whole. Without any `key:value`, what makes no sense as an operator is a word.
 * Faults: invalid.
 */
export function parseSearch(query: string | undefined): Search {
  const given = query ?? "";
  if (given.length > searchCharsMax) {
    const part = { position: searchCharsMax, length: given.length - searchCharsMax };
    throw invalid(`A search has at most ${searchCharsMax} characters`, part);
  }
  // One for one, so that places stay.
  const text = given.toWellFormed().replace(/\p{Cc}/gu, " ");
  const whole = text.trim();
  const eventId = /^[0-9a-f-]{32,36}$/i.test(whole) ? normalizeEventId(whole) : undefined;
  if (eventId) return { root: undefined, eventId };

  const counts = { terms: 0, hasTerm: false };
  const reader = { text, at: 0, end: text.length, closings: closingsOf(text) };
  const items = readItems(reader, counts, 0);
  const root = nodeOf(items, counts.hasTerm);
  const shortId = root?.on === "words" ? parseShortId(whole) : undefined;
  return { root, ...(shortId && { shortId }) };
}

/** What stands beside each other, before it is known what an operator is about. */
type Item =
  | { is: "node"; node: Node }
  | { is: "group"; items: Item[]; part: Part }
  | { is: "operator"; word: "AND" | "OR" | "NOT"; words: Words }
  /** A `!` glued to what follows. */
  | { is: "bang" };

type Counts = { terms: number; hasTerm: boolean };

function readItems(reader: Reader, counts: Counts, depth: number): Item[] {
  const { text, end, closings } = reader;
  const items: Item[] = [];
  while (reader.at < end) {
    const sign = text[reader.at];
    const closing = sign === "(" ? closings.get(reader.at) : undefined;
    if (isBlank(sign)) reader.at++;
    else if (sign === "!" && isGlued(text[reader.at + 1], reader.at + 1 < end)) {
      items.push({ is: "bang" });
      reader.at++;
    } else if (
      closing !== undefined &&
      closing < end &&
      text.slice(reader.at + 1, closing).trim()
    ) {
      items.push(readGroup(reader, closing, counts, depth));
    } else items.push(readLeaf(reader, counts));
  }
  return items;
}

const isGlued = (next: string | undefined, isThere: boolean) =>
  isThere && !isBlank(next) && next !== "!" && next !== "=";

function readGroup(reader: Reader, closing: number, counts: Counts, depth: number): Item {
  const start = reader.at;
  const part = { position: start, length: closing + 1 - start };
  if (depth >= depthMax)
    throw invalid(`A search has at most ${depthMax} levels of parentheses`, part);
  const inner = { ...reader, at: start + 1, end: closing };
  const items = readItems(inner, counts, depth + 1);
  reader.at = closing + 1;
  return { is: "group", items, part };
}

function readLeaf(reader: Reader, counts: Counts): Item {
  const term = readTerm(reader);
  const leaf = term ?? readWords(reader);
  counts.hasTerm ||= term !== undefined;
  if (++counts.terms > termsMax) throw invalid(`A search has at most ${termsMax} terms`, leaf.part);
  const raw = reader.text.slice(leaf.part.position, reader.at);
  if (leaf.on === "words" && (raw === "AND" || raw === "OR" || raw === "NOT")) {
    return { is: "operator", word: raw, words: leaf };
  }
  return { is: "node", node: leaf };
}

/** OR binds weaker than AND, which binds weaker than NOT. undefined: there is nothing. */
function nodeOf(items: Item[], hasTerm: boolean): Node | undefined {
  const either: Node[][] = [[]];
  let at = 0;
  /** Reads what can be negated or joined; an operator without anything to work on is a word. */
  const operand = (): Node => {
    const item = items[at++];
    if (!item) throw new Error("asked for beyond the end");
    switch (item.is) {
      case "node":
        return item.node;
      case "group":
        return nodeOf(item.items, hasTerm) ?? { on: "all", of: [] };
      case "bang":
        return { on: "not", of: operand() };
      case "operator":
        if (item.word === "NOT" && isOperand(items[at])) return { on: "not", of: operand() };
        if (hasTerm) throw invalid(`${item.word} needs something to work on`, item.words.part);
        return item.words;
    }
  };
  while (at < items.length) {
    const item = items[at];
    const joined = either.at(-1) ?? [];
    const joins = item?.is === "operator" && item.word !== "NOT";
    if (joins && joined.length > 0 && isOperand(items[at + 1])) {
      at++;
      if (item.word === "OR") either.push([]);
    } else joined.push(operand());
  }
  return joinedBy(
    "any",
    either.flatMap((all) => joinedBy("all", all) ?? []),
  );
}

/** NOT begins an operand where one follows; that one that follows nothing is a word, which operand() finds out. */
const isOperand = (item: Item | undefined): boolean =>
  item !== undefined && (item.is !== "operator" || item.word === "NOT");

function joinedBy(on: "all" | "any", of: Node[]): Node | undefined {
  return of.length > 1 ? { on, of } : of[0];
}
