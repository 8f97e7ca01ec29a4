import { filtered } from "./filtered";
import { type Secrecy, secrecyOf } from "./secret-names";
import { valueAfter } from "./secret-values";

const nameCharsMax = 64;
const closersMax = 5;
const windowCharsMax = 200;
const leadCharsMax = 40;

/** Names whose value is the name of the `value` beside it: `<add key="password" value="…"/>`. */
const namingNames = new Set(["name", "key", "field", "header", "param", "id"]);
const valueNames = new Set(["value", "val", "content", "text"]);
/** After these a quoted text follows without a sign: `PASSWORD 'x'` of SQL. */
const beforeQuote = /^(?:password|passwd|pwd|passphrase|by)$/i;
const secondWords = /^(?:key|id|no|number|code|codes|phrase|answer|cookie|token)$/i;

/**
 * Values beside names of secrets, whatever the notation: queries, forms, cookies, headers, JSON that is broken or
 * cut, printed objects of all languages, GraphQL, command lines. Each character is looked at a fixed number of times.
 * `signs: "equals"` is for names of functions and files, where a colon says nothing.
 */
export function scrubPairs(text: string, signs: "all" | "equals" = "all"): string {
  let out = "";
  let copied = 0;
  let namedUntil = -1;
  for (let at = 0; at < text.length; at++) {
    const sign = signAt(text, at, signs);
    if (sign === undefined) continue;
    const { name, start } = nameBefore(text, sign.start);
    const secrecy = name === "" ? 0 : secrecyOfPair(text, name, start, sign, at < namedUntil);
    if (secrecy === 0) {
      if (namingNames.has(name.toLowerCase()) && namesSecret(text, sign.end))
        namedUntil = sign.end + windowCharsMax;
      at = sign.end - 1;
      continue;
    }
    const value = valueAfter(text, sign.end, {
      name,
      secrecy,
      sign: text.slice(at, sign.end),
      lead: text.slice(Math.max(0, start - leadCharsMax), start),
    });
    if (value === undefined) {
      at = Math.max(at, sign.end - 1);
      continue;
    }
    out += text.slice(copied, value.start) + filtered;
    copied = value.end;
    at = Math.max(at, value.end - 1);
  }
  return copied === 0 ? text : out + text.slice(copied);
}

function secrecyOfPair(
  text: string,
  name: string,
  start: number,
  sign: Sign,
  isNamed: boolean,
): Secrecy {
  if (isNamed && valueNames.has(name.toLowerCase())) return 2;
  const secrecy = secrecyOf(name);
  if (sign.needs === "quote") return secrecy > 0 || name.toLowerCase() === "by" ? 2 : 0;
  if (secrecy > 0) return secrecy;
  if (isQueryPair(text, start) && isOpaque(name, text, sign.end)) return 1;
  if (!secondWords.test(name)) return 0;
  // `api key: …`: two words before the sign.
  const first = text[start - 1] === " " ? nameBefore(text, start - 1).name : "";
  return first === "" ? 0 : secrecyOf(`${first} ${name}`);
}

type Sign = { start: number; end: number; needs?: "quote" };

/** The sign between a name and its value that begins here. */
function signAt(text: string, at: number, signs: "all" | "equals"): Sign | undefined {
  switch (text.charCodeAt(at)) {
    case 61: {
      let end = at + 1;
      while (end < at + 3 && (text[end] === "=" || text[end] === ">" || text[end] === "~")) end++;
      return { start: at, end };
    }
    case 37:
      return /^%3d$/i.test(text.slice(at, at + 3)) ? { start: at, end: at + 3 } : undefined;
    case 58:
      if (signs === "equals") return undefined;
      if (text[at + 1] === ":") return undefined;
      if (text[at - 1] === ":" || text.startsWith("//", at + 1)) return undefined;
      return { start: at, end: text[at + 1] === "=" ? at + 2 : at + 1 };
    case 62:
      return text[at - 1] === "-" ? { start: at - 1, end: at + 1 } : undefined;
    case 59:
      // PHP's serialize: s:8:"password";s:7:"…";
      return text[at - 1] === '"' && text.startsWith("s:", at + 1)
        ? { start: at, end: Math.max(at + 1, text.indexOf('"', at + 3)) }
        : undefined;
    case 32:
      return blankSign(text, at, signs);
    default:
      return undefined;
  }
}

/** `--password x` of command lines, `PASSWORD 'x'` of SQL. */
function blankSign(text: string, at: number, signs: "all" | "equals"): Sign | undefined {
  if (signs === "equals") return undefined;
  const next = text[at + 1];
  if (next === "'" || next === '"') {
    return beforeQuote.test(nameBefore(text, at).name)
      ? { start: at, end: at + 1, needs: "quote" }
      : undefined;
  }
  const before = text.charCodeAt(at - 1);
  if (next === "-" || next === " " || next === "=" || before === 58 || before === 61)
    return undefined;
  const { name } = nameBefore(text, at);
  return name.length > 3 && name.startsWith("--") ? { start: at, end: at + 1 } : undefined;
}

/** The name that ends before a position, without quotes, brackets and blanks around it. */
export function nameBefore(text: string, position: number): { name: string; start: number } {
  let end = position;
  for (let skipped = 0; skipped < closersMax && isCloser(text.charCodeAt(end - 1)); skipped++)
    end--;
  let start = end;
  while (start > 0 && end - start < nameCharsMax && isNameChar(text.charCodeAt(start - 1))) start--;
  const name = text.slice(start, end);
  return { name: name.includes("%") ? decoded(name) : name, start };
}

const isCloser = (code: number) =>
  code === 32 ||
  code === 9 ||
  code === 34 ||
  code === 39 ||
  code === 96 ||
  code === 92 ||
  code === 93;

const isNameChar = (code: number) =>
  (code >= 97 && code <= 122) ||
  (code >= 64 && code <= 91) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 45 ||
  code === 46 ||
  code === 36 ||
  code === 37 ||
  code > 127;

/** `%3Faccess%5Ftoken` → `access_token` */
function decoded(name: string): string {
  const last = name.split(/%(?:3F|26|3B|23|2F|22|20|7B|2C)/i).at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const isQueryPair = (text: string, start: number) =>
  text[start - 1] === "?" || text[start - 1] === "&" || text[start - 1] === "#";

/** Names that only in a query mean a secret, and only when their value looks like one. */
const opaqueNames = new Map([
  ["code", 16],
  ["key", 20],
  ["k", 20],
  ["t", 24],
  ["hash", 24],
  ["ticket", 20],
  ["state", 32],
  ["sign", 16],
]);

const isOpaque = (name: string, text: string, start: number) =>
  opaqueNames.has(name.toLowerCase()) &&
  isOpaqueValue(name, /^[\w.~/+=%-]{1,2048}/.exec(text.slice(start, start + 2048))?.[0] ?? "");

/** Whether a value of a query is a secret although its name says little: `?code=…` of a sign-in. */
export function isOpaqueValue(name: string, value: string): boolean {
  const charsMin = opaqueNames.get(name.toLowerCase());
  return (
    charsMin !== undefined && value.length >= charsMin && /\d/.test(value) && /[A-Za-z]/.test(value)
  );
}

/** Whether what comes after this text is a secret: `password:`, `--token`, `secret = `. */
export function introducesSecret(text: string): boolean {
  const end = text.trimEnd();
  if (/^--?[\w-]{3,64}$/.test(end)) return secrecyOf(end) > 0;
  const quote = /["'`]$/.test(end) ? 1 : 0;
  const sign = /[=:]>?\s{0,3}$/.exec(end.slice(-12, end.length - quote || undefined));
  if (!sign) return false;
  const { name } = nameBefore(text, text.lastIndexOf(sign[0].trimEnd().slice(0, 1)));
  return secrecyOf(name) > 0;
}

/** Whether the quoted text after a sign is the name of a secret. */
function namesSecret(text: string, start: number): boolean {
  const name = /^\s{0,4}\\{0,3}["']([\w.[\]-]{1,64})\\{0,3}["']/.exec(
    text.slice(start, start + 80),
  )?.[1];
  return name !== undefined && secrecyOf(name) > 0;
}
