/** What a text holds that a secret can be recognized by. */
export const holds = {
  /** `=`, also as `%3D`, and `->` */
  equals: 1,
  /** But for those of URLs: `://`. */
  colon: 2,
  at: 4,
  tag: 8,
  /** As many digits in a row or in groups as a social security or card number has. */
  digits: 16,
  /** A long run of letters and digits, as tokens are. */
  run: 32,
  quote: 64,
  /** A word like `Bearer` before a blank. */
  scheme: 128,
  dashes: 256,
} as const;

const runCharsMin = 17;
/** Added to a count of digits, it sets the bit of `holds.digits` from nine on. */
const untilDigits = holds.digits - 9;
const schemeCharsMin = 5;

/** Kinds of characters, in bits that `holds` leaves free. */
const digitBit = 10;
const [letter, digit, dash, separator, sign] = [512, 1 << digitBit, 2048, 4096, 8192];
/** A run that may be a credential after a word like `Bearer`. */
const longRun = 16_384;
const longRunCharsMin = 12;

const others = new Map([
  ["-", dash],
  ["=", holds.equals],
  ["@", holds.at],
  ["<", holds.tag],
]);

function kindOf(char: string): number {
  if (/[A-Za-z_]/.test(char)) return letter;
  if (/\d/.test(char)) return digit;
  if (/["'`]/.test(char)) return holds.quote;
  if (/[ .]/.test(char)) return separator;
  if (/[:%>]/.test(char)) return sign;
  return others.get(char) ?? 0;
}

const kinds = Uint16Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));
const signs = holds.equals | holds.at | holds.tag | holds.quote;

/**
 * One cheap pass over a text: where nothing is found, no pattern needs to run. Nearly every text is such. The loop
 * decides nothing; a character beyond ASCII may pass for another one, which costs a pattern and hides nothing.
 */
export function glance(text: string): number {
  const { length } = text;
  let found = 0;
  let run = 0;
  let digits = 0;
  for (let at = 0; at < length; at++) {
    const kind = kinds[text.charCodeAt(at) & 127] ?? 0;
    if (kind & (letter | digit)) {
      run++;
      // Without a branch, since in random text none could be foreseen: a letter begins the count again.
      digits = (digits + 1) & -(kind >> digitBit);
      found |= kind | ((digits + untilDigits) & holds.digits);
    } else if (kind & dash) {
      run++;
      if (text.charCodeAt(at + 1) === 45) found |= holds.dashes;
    } else {
      if (run >= longRunCharsMin) found |= runAt(text, at - run, at);
      if (kind & separator) {
        if (run >= schemeCharsMin) found |= schemeBefore(text, at);
      } else {
        digits = 0;
        found |= kind & sign ? signAt(text, at) : kind;
      }
      run = 0;
    }
  }
  if (run >= longRunCharsMin) found |= runAt(text, length - run, length);
  return found & (digit | longRun) ? found & all : found & all & ~holds.scheme;
}

const all = signs | holds.colon | holds.run | holds.digits | holds.scheme | holds.dashes;

/** What a run of letters, digits and dashes may be. */
function runAt(text: string, start: number, end: number): number {
  if (end - start < runCharsMin) return longRun;
  const run = text.slice(start, end);
  return mayBeToken.test(run) && !isWord.test(run) ? longRun | holds.run : longRun;
}

/** Nearly all tokens have a capital letter or a dash; a hash and an id have none. */
const mayBeToken = /[^a-z\d]|^(?:oy2|dapi|cio)/;
/** Of letters alone: `camelCase` */
const isWord = /^(?!oy2|dapi|cio)[A-Za-z]{1,65536}$/;

const schemeName = /(?:[Bb](?:earer|asic)|B(?:EARER|ASIC)|[Tt]oken|[Dd]igest) $/;

function schemeBefore(text: string, end: number): number {
  const sixth = text.charCodeAt(end - 6) | 32;
  const fifth = text.charCodeAt(end - 5) | 32;
  // Begins with b or d, with b or t: so do few words, and the pattern costs more than they do.
  if (sixth !== 98 && sixth !== 100 && fifth !== 98 && fifth !== 116) return 0;
  return schemeName.test(text.slice(Math.max(0, end - 6), end + 1)) ? holds.scheme : 0;
}

/** `:` but for the one of a URL, `%3D`, `->` */
function signAt(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  const second = text.charCodeAt(at + 2);
  switch (text.charAt(at)) {
    case ":":
      return next === 47 && second === 47 ? 0 : holds.colon;
    case "%":
      return next === 51 && (second | 32) === 100 ? holds.equals : 0;
    case ">":
      return text.charCodeAt(at - 1) === 45 ? holds.equals : 0;
    default:
      return 0;
  }
}
