import { isStandIn, isTemplate } from "./filtered";
import type { Secrecy } from "./secret-names";

/** Where in a text a value is. */
export type Span = { start: number; end: number };

const blanksMax = 12;
const charsMin = 3;
/** Quotes as they are, escaped, tripled, or in entities and URLs; before them a prefix or wrapper of some language. */
const opening =
  /(?:s:\d{1,7}:|[A-Za-z_]{1,16}\(\d{0,6}\)? ?|[burfBURF@]{1,2})?(\\{1,7}["'`]|"""|["'`]|&quot;|%22)/y;
const schemes = /(?:bearer|basic|token|digest|negotiate|apikey|jwt|hmac|aws4-hmac-sha256) {1,3}/iy;
const wholeLineNames = /(?:^|-)(?:cookie|authorization|authentication|authentication-info)$/i;
/** Words that follow a name and a colon in prose. */
const prose = new Set(
  "must should shall can cannot could will would may might has have had was were is are not too the this that these those please enter your our their its it be been does did do expected unexpected unknown expired incorrect wrong string number boolean object array function null undefined none never always only use using set see got given failed failure error denied with without from for and but cannot unable permission".split(
    " ",
  ),
);

/** The pair so far; `lead` is what stands before the name. */
type Context = { name: string; secrecy: Secrecy; sign: string; lead: string };

/** The value after the sign of a pair; undefined where there is none, or none that can be a secret. */
export function valueAfter(text: string, from: number, context: Context): Span | undefined {
  let start = from;
  while (start < from + blanksMax && isBlank(text.charCodeAt(start))) start++;
  const hasBreak = /[\r\n]/.test(text.slice(from, start));
  opening.lastIndex = start;
  const quote = opening.exec(text);
  if (quote) return quotedValue(text, opening.lastIndex, quote[1] ?? '"');
  if (hasBreak) return undefined;
  const first = text[start];
  if (first === "{" || first === "[") return bracketValue(text, start);
  return bareValue(text, start, start > from, context);
}

const isBlank = (code: number) => code === 32 || code === 9 || code === 10 || code === 13;

function quotedValue(text: string, start: number, quote: string): Span | undefined {
  let end = text.indexOf(quote, start);
  // A quote behind one more backslash belongs to the value.
  while (end > 0 && isEscaped(text, end)) end = text.indexOf(quote, end + quote.length);
  if (end < 0) end = text.length;
  const value = text.slice(start, end);
  return value.length < charsMin || isStandIn(value) || isTemplate(value)
    ? undefined
    : { start, end };
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\" && slashes < 8) slashes++;
  return slashes % 2 === 1;
}

/** A whole list or object, to its last bracket or the end of a text that was cut. */
function bracketValue(text: string, start: number): Span | undefined {
  let depth = 0;
  let quoted = "";
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") at++;
    else if (quoted !== "") quoted = char === quoted ? "" : quoted;
    else if (char === '"') quoted = char;
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    if (depth > 0) continue;
    const end = at + 1;
    const value = text.slice(start, end);
    return value.length <= charsMin || isStandIn(value) || isTemplate(value)
      ? undefined
      : { start, end };
  }
  return { start, end: text.length };
}

/** Without quotes: to a blank or sign, for some headers and lines to the end of the line. */
function bareValue(
  text: string,
  start: number,
  isApart: boolean,
  { name, secrecy, sign, lead }: Context,
): Span | undefined {
  const isColon = sign.startsWith(":");
  if (isColon && wholeLineNames.test(name)) {
    const end = lineEnd(text, start, lead);
    return end - start < charsMin || isStandIn(text.slice(start, end)) ? undefined : { start, end };
  }
  schemes.lastIndex = start;
  const isScheme = schemes.test(text);
  const end = bareEnd(text, isScheme ? schemes.lastIndex : start);
  const value = text.slice(start, end);
  if (end === start || isStandIn(value) || isTemplate(value)) return undefined;
  if ((isApart || isColon) && value.length < charsMin) return undefined;
  if (isColon && !isScheme && isProse(value, secrecy, name)) return undefined;
  if (isApart && sign !== " " && text.includes("\n") && /(?:^|\n)[ \t-]{0,40}$/.test(lead)) {
    return { start, end: Math.max(end, lineEnd(text, start, lead)) };
  }
  return { start, end };
}

function isProse(value: string, secrecy: Secrecy, name: string): boolean {
  const word = value.replace(/[.!?:]{1,3}$/, "");
  if (prose.has(word.toLowerCase())) return true;
  if (secrecy === 2) return false;
  return /^[A-Z]?[a-z]{1,32}$/.test(word) || (/^\d{1,3}$/.test(word) && !/pin|cv|otp/i.test(name));
}

const stops = new Set(" \t\r\n&;\"'`<>");

function bareEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at] ?? "";
    if (stops.has(char)) break;
    if (char === "\\" && /[nrt"']/.test(text[at + 1] ?? "")) break;
    if (char === "%" && /^%(?:26|22|0A|0D|7D)/i.test(text.slice(at, at + 3))) break;
    if (char === "{" || char === "(" || char === "[") depth++;
    else if (char === "," || char === ")" || char === "}" || char === "]") {
      if (char !== "," && depth > 0) depth--;
      else if (closes(text, at)) break;
    }
  }
  return at;
}

/** A comma or bracket that ends the value and is no part of it. */
function closes(text: string, at: number): boolean {
  const next = text[at + 1];
  if (next === undefined || /[\s"'`,;:)\]}>&.\\]/.test(next)) return true;
  return /^[,\])}][\w.$-]{1,64}['"]?[=:]/.test(text.slice(at, at + 70));
}

const lineCharsMax = 8192;

/** Of the line, or of the quotes that the whole pair is in. */
function lineEnd(text: string, start: number, lead: string): number {
  const line = text.slice(start, start + lineCharsMax);
  const quote = /["'`]$/.exec(lead)?.[0];
  const close = quote === undefined ? -1 : line.indexOf(quote);
  const end = /\\[rn]|[\r\n]/.exec(close < 0 ? line : line.slice(0, close))?.index;
  return start + (end ?? (close < 0 ? line.length : close));
}
