/**
 * JSON whose numbers that no double holds are texts with their digits: ids beyond 2^53, `-0`, `1e400`. What follows needs
 * to know of no other kind of number, and neither does anybody who reads our answers. All other numbers stay numbers, and
 * what is no JSON stays none. The text itself, where there is nothing of that kind; nearly always that is seen at a few of
 * its characters. Large exponents are looked for only where `all` is asked for: to see that there is none would cost as
 * much as reading the text, and a reader who meets an infinite number knows that there was one.
 */
export function withExactNumbers(json: string, which: "likely" | "all"): string {
  const isSuspicious = which === "all" || hasLongRun(json) || hasSignedZero(json);
  return isSuspicious ? quoteInexact(json) : json;
}

const quote = 34;
const plus = 43;
const comma = 44;
const minus = 45;
const point = 46;
const zero = 48;
const nine = 57;
const colon = 58;
const largeE = 69;
const bracket = 91;
const smallE = 101;

const isDigit = (code: number) => code >= zero && code <= nine;

const runCharsMin = 16;

/** A run of so many digits covers every sixteenth place: no other is looked at. */
function hasLongRun(json: string): boolean {
  for (let at = runCharsMin - 1; at < json.length; at += runCharsMin) {
    if (!isDigit(json.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(json.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(json.charCodeAt(end))) end++;
    if (end - start >= runCharsMin) return true;
    at = end - (end % runCharsMin) - 1;
  }
  return false;
}

function hasSignedZero(json: string): boolean {
  for (let at = json.indexOf("-0"); at >= 0; at = json.indexOf("-0", at + 2)) {
    const before = json.charCodeAt(at - 1);
    if (before !== colon && before !== comma && before !== bracket && before > 32) continue;
    if (Number(json.slice(at, endOfNumber(json, at))) === 0) return true;
  }
  return false;
}

/** One pass; texts are skipped by their quotes. */
function quoteInexact(json: string): string {
  let quoted = "";
  let from = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfText(json, at);
    else if (code === minus || isDigit(code)) {
      const end = endOfNumber(json, at);
      const number = json.slice(at, end);
      if (!isExact(number) && isValue(json, end)) {
        quoted += `${json.slice(from, at)}"${number}"`;
        from = end;
      }
      at = end - 1;
    }
  }
  return from === 0 ? json : quoted + json.slice(from);
}

/** Position of the quote that ends the text whose first quote is at `start`. */
export function endOfText(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
  return json.length;
}

function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && isNumeric(json.charCodeAt(at))) at++;
  return at;
}

/** Digits, `+`, `-`, `.`, `e`, `E` */
const isNumeric = (code: number) =>
  isDigit(code) ||
  code === plus ||
  code === minus ||
  code === point ||
  code === smallE ||
  code === largeE;

/** The longest that are exact without a look: fifteen digits are, whatever they are. */
const exactCharsMax = 15;

function isExact(number: string): boolean {
  const isShort = number.length <= exactCharsMax;
  const exponent = number.search(/[eE]/);
  if (isShort && exponent < 0 && !number.startsWith("-0")) return true;
  const value = valueOf(number);
  // It is no number of JSON: the parser says so.
  if (value === undefined) return true;
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  // Also where it happens to be exact: ids of one kind are either all numbers or all texts.
  return exponent >= 0 || Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function valueOf(number: string): number | undefined {
  try {
    return JSON.parse(number);
  } catch {
    return undefined;
  }
}

/** Whether what was read is a value: a name has to be a text already. */
function isValue(json: string, end: number): boolean {
  let at = end;
  while (at < json.length && /\s/.test(json[at] ?? "")) at++;
  return json[at] !== ":";
}
