import { firstLine } from "../../events/text";

const inputCharsMax = 400;
const outputCharsMax = 200;

/** In this order: what an earlier pattern took, a later one cannot see. All are linear on the bounded input. */
const patterns: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  [/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}/g, "<email>"],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'`)\]}>]+/gi, "<url>"],
  [
    /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?\b/g,
    "<date>",
  ],
  [/(?<![\d.:])\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?![\d:])/g, "<time>"],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\d.]*\d)/g, "<ip>"],
  [/(?<![\w:])(?=:{0,2}[0-9a-f])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, "<ip>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi, "<hex>"],
  [/(?<![\w<])[-+]?\d+(?:[.,]\d+)*(?:ms|sec|s|kb|mb|gb|bytes|%)?(?!\w)/gi, "<num>"],
  [/\d{3,}/g, "<num>"],
];

/**
 * The part of a message that stays the same from one occurrence to the next: its first line with ids, times,
 * addresses and numbers replaced by what they are. Quoted names stay: they carry the meaning.
 */
export function parameterize(text: string): string {
  let result = firstLine(text.slice(0, inputCharsMax * 8))
    .slice(0, inputCharsMax)
    .replace(/\s+/g, " ")
    .trim();
  for (const [pattern, name] of patterns) result = result.replace(pattern, name);
  return result.slice(0, outputCharsMax);
}
