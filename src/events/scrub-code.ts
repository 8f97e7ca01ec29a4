import { boundedMemory } from "../platform/memory";
import { filtered, isStandIn, isTemplate } from "./filtered";
import { glance, holds } from "./glance";
import { nameBefore, scrubPairs } from "./scrub-pairs";
import { scrubShapes } from "./scrub-text";
import { isSecretKey, secrecyOf } from "./secret-names";

const charsMin = 3;
const blanksMax = 16;
const signs = new Set("= == === != !== : := => += ||= ??= || ?? -> <- <=> or is eq in".split(" "));
const signChars = new Set("=:|?&+<>!-");
const setters = /^(?:set|with|use|add|put|new|assign|update|change)(?=[A-Z_]|$)/i;
const getters =
  /^(?:get|find|fetch|has|is|check|validate|require|delete|load|read|lookup|describe|expect|render|test|parse|decode|hash|verify|assert|print|log|show|ask|prompt|reset|forgot|create|generate)/i;
/** Words of which names of secrets are made: `"auth_token"` in code is a name and no secret. */
const nameWord =
  /^(?:password|passwd|pwd|pass|secret|token|auth|authorization|access|api|key|id|user|username|email|login|name|current|new|old|confirm|confirmation|csrf|xsrf|session|cookie|jwt|bearer|refresh|client|private|public|card|number|pin|otp|base|required|string|text|value|type|field|input|header|x|db|database|root|admin|my)$/;

/** In a line of source only quoted texts are replaced, beside names of secrets or by their own form: never code. */
export function scrubCode(line: string, found = glance(line)): string {
  if ((found & watched) === 0 || harmless.has(line)) return line;
  const shaped = scrubShapes(line, found);
  const scrubbed = (found & holds.quote) === 0 ? shaped : scrubLiterals(shaped);
  if (scrubbed === line && line.length < rememberedCharsMax) harmless.set(line, true);
  return scrubbed;
}

/**
 * Lines in which nothing was to be replaced: the same code comes with every event of a program. What is decided of a line
 * depends on the line alone, so remembering changes nothing but the work; a line that held a secret is never kept.
 */
const rememberedMax = 4000;
const harmless = boundedMemory<string, true>(rememberedMax);
/** Where normalisation cuts. A cut line would hold the whole of it in memory, which may be a megabyte. */
const rememberedCharsMax = 256;

const watched = holds.quote | holds.at | holds.run | holds.digits | holds.dashes;

function scrubLiterals(line: string): string {
  let out = "";
  let copied = 0;
  let named = false;
  for (let at = 0; at < line.length; at++) {
    const quote = line[at] ?? "";
    if (!isOpening(line, at, quote)) continue;
    const end = literalEnd(line, at, quote);
    const literal = line.slice(at + 1, end);
    const replaced = scrubLiteral(line, at, literal, named);
    if (/\b(?:name|key)\s{0,3}[=:]\s{0,3}$/i.test(line.slice(Math.max(0, at - 12), at)))
      named = isSecretKey(literal);
    if (replaced !== literal) {
      out += line.slice(copied, at + 1) + replaced;
      copied = end;
    }
    at = end;
  }
  return copied === 0 ? line : out + line.slice(copied);
}

/** An apostrophe inside a word opens nothing. */
function isOpening(line: string, at: number, quote: string): boolean {
  if (quote === '"' || quote === "`") return true;
  if (quote !== "'") return false;
  return !/[A-Za-z0-9]{2}$/.test(line.slice(Math.max(0, at - 2), at));
}

function literalEnd(line: string, start: number, quote: string): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === quote) return at;
  }
  return line.length;
}

function scrubLiteral(line: string, at: number, literal: string, isNamed: boolean): string {
  if (literal.length < charsMin || literal.includes(filtered)) return literal;
  const isHarmless = isStandIn(literal) || isTemplate(literal) || isName(literal);
  if (!isHarmless && isBesideSecret(line, at, literal, isNamed)) return filtered;
  return (glance(literal) & (holds.equals | holds.colon)) === 0 ? literal : scrubPairs(literal);
}

const isName = (literal: string) =>
  literal.length <= 64 &&
  /^[\w.-]{1,64}$/.test(literal) &&
  literal
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[_.-]/)
    .every((word) => word === "" || nameWord.test(word));

/** Whether the name that a literal is assigned to, compared with or handed to is a secret's. */
function isBesideSecret(line: string, at: number, literal: string, isNamed: boolean): boolean {
  const end = blanksBefore(line, prefixBefore(line, at));
  if (line[end - 1] === "(") {
    const { name } = nameBefore(line, end - 1);
    return isSetter(name.split(".").at(-1) ?? "");
  }
  if (line[end - 1] === ",")
    return isSecondArgument(line, end - 1) && !/^[a-z]{1,40}$/.test(literal);
  const sign = signBefore(line, end);
  if (!signs.has(line.slice(sign, end))) return false;
  const { name, start } = nameBefore(line, sign);
  if (says(name, literal) || (isNamed && name.toLowerCase() === "value")) return true;
  // `password: string = "…"`
  const colon = blanksBefore(line, start);
  return line[colon - 1] === ":" && says(nameBefore(line, colon - 1).name, literal);
}

/** A mere word is no token. */
const says = (name: string, literal: string) =>
  secrecyOf(name) > (/^[A-Za-z]{1,20}$/.test(literal) ? 1 : 0);

function blanksBefore(line: string, position: number): number {
  let at = position;
  while (at > 0 && position - at < blanksMax && (line[at - 1] === " " || line[at - 1] === "\t"))
    at--;
  return at;
}

/** Letters that make a literal of another kind: `b"…"`, `$"…"`. */
function prefixBefore(line: string, position: number): number {
  let at = position;
  while (position - at < 2 && /[burfBURFL@$]/.test(line[at - 1] ?? "")) at--;
  return /\w/.test(line[at - 1] ?? "") ? position : at;
}

function signBefore(line: string, end: number): number {
  const word = /(?<!\w)(?:or|is|eq|in)$/.exec(line.slice(Math.max(0, end - 4), end))?.[0];
  if (word) return end - word.length;
  let at = end;
  while (end - at < 3 && signChars.has(line[at - 1] ?? "")) at--;
  return at;
}

/** `getenv("DB_PASSWORD", "…")`; names in a list of names are followed by names. */
function isSecondArgument(line: string, comma: number): boolean {
  const end = blanksBefore(line, comma);
  const quote = line[end - 1] ?? "";
  if (quote !== '"' && quote !== "'") return false;
  const start = line.lastIndexOf(quote, end - 2);
  if (start < 0 || end - start > 66 || line[blanksBefore(line, start) - 1] !== "(") return false;
  return isSecretKey(line.slice(start + 1, end - 1));
}

const isSetter = (name: string) =>
  setters.test(name) ? isSecretKey(name) : secrecyOf(name) === 2 && !getters.test(name);
