import { isFact, markOf } from "../protocol/event-fields";
import { eventFields, type SearchableEvent } from "./search/event-fields";

/** What is kept of one event to be searched: longer texts are cut, further ones left out. */
const lineCharsMax = 2000;
const linesMax = 1000;

/** A text of an event that can be searched. */
export type Line = {
  mark: string;
  text: string;
  /** Stands for the mark and the text: 32 bits, with a sign. */
  hash: number;
  isFact: boolean;
};

const marked = eventFields.map((field, index) => ({
  each: field.each,
  mark: markOf(field.name),
  isFact: isFact(field.name),
  seed: index + 1,
}));

/** Every text of an event, those of one field once. */
export function linesOf(event: SearchableEvent): Line[] {
  const lines: Line[] = [];
  const seen = new Set<number>();
  for (const { each, mark, isFact, seed } of marked) {
    each(event, (given) => {
      if (!given || seen.size >= linesMax) return;
      const text = given.length > lineCharsMax ? given.slice(0, lineCharsMax) : given;
      const hash = hashOf(text, seed);
      if (seen.has(hash)) return;
      seen.add(hash);
      lines.push({ mark, text, hash, isFact });
    });
  }
  return lines;
}

/** FNV-1a over UTF-16: what an issue has already is known by it. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash | 0;
}

const plain = /^[ -~]*$/;

/** As it is kept: one line, without anything that could pass for a mark. */
export const writtenLine = ({ mark, text }: Line): string =>
  mark +
  (plain.test(text)
    ? text
    : text
        .normalize("NFC")
        .toWellFormed()
        .replace(/\p{Cc}/gu, " "));
