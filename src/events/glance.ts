/** What a text holds that a secret can be told by. */
export const holds = {
  /** `=`, also as `%3D`, and `->` */
  equals: 1,
  colon: 2,
  at: 8,
  tag: 16,
  quote: 32,
  /** A long run of letters and digits, as tokens are. */
  run: 64,
  /** As many digits in a row or in groups as a social security or card number has. */
  digits: 128,
  /** A word like `Bearer` before a blank. */
  scheme: 256,
  dashes: 512,
} as const;

const runCharsMin = 17;
const digitsMin = 9;
const schemeRunCharsMin = 12;

const [blank, percent, greater, joiner, letter, digit, capital] = [
  4, 1024, 2048, 4096, 8192, 16384, 32768,
];
const joined = letter | digit | joiner | capital;
const kinds = new Uint16Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[a-z]/.test(char)) kinds[code] = letter;
  else if (/[A-Z]/.test(char)) kinds[code] = capital;
  else if (/\d/.test(char)) kinds[code] = digit;
  else if (/[_-]/.test(char)) kinds[code] = joiner;
  else if (/["'`]/.test(char)) kinds[code] = holds.quote;
}
for (const [char, kind] of [
  ["=", holds.equals],
  [":", holds.colon],
  ["@", holds.at],
  ["<", holds.tag],
  [" ", blank],
  ["%", percent],
  [">", greater],
] as const) {
  kinds[char.charCodeAt(0)] = kind;
}

/** The colon of a URL is none. */
const signs = /:(?!\/\/)/;
const digitGroups = /\d(?:[ .-]?\d){8}/;
const schemes = /[Bb](?:earer|asic) |[Tt]oken |[Dd]igest |B(?:EARER|ASIC) /;

/**
 * One cheap pass over a text: where nothing is found, no pattern needs to run. Nearly every text is such. The loop
 * decides nothing; a character beyond ASCII may pass for another one, which costs a pattern and hides nothing.
 */
export function glance(text: string): number {
  let seen = 0;
  let run = 0;
  let digits = 0;
  let mix = 0;
  let runs = 0;
  const { length } = text;
  for (let at = 0; at < length; at++) {
    const kind = kinds[text.charCodeAt(at) & 127] ?? 0;
    if (kind & joined) {
      run++;
      mix |= kind;
      digits += (kind & digit) >> 14;
      continue;
    }
    if (run >= schemeRunCharsMin) runs |= kindOfRun(text, at - run, run, mix);
    seen |= mix | kind;
    mix = 0;
    run = 0;
  }
  if (run >= schemeRunCharsMin) runs |= kindOfRun(text, length - run, run, mix);
  seen |= mix;
  let found = seen & (holds.equals | holds.colon | holds.at | holds.tag | holds.quote);
  if (seen & holds.colon && !signs.test(text)) found &= ~holds.colon;
  if (seen & (percent | greater) && /%3d|->/i.test(text)) found |= holds.equals;
  if (seen & joiner && text.includes("--")) found |= holds.dashes;
  found |= runs & holds.run;
  if (digits >= digitsMin && digitGroups.test(text)) found |= holds.digits;
  if (seen & blank && (digits > 0 || runs > 0) && schemes.test(text)) found |= holds.scheme;
  return found;
}

/** Nearly all tokens have a capital letter or a dash; a hash, an id and a long word have none. */
function kindOfRun(text: string, start: number, length: number, mix: number): number {
  if (length < runCharsMin) return holds.scheme;
  if (mix & (joiner | capital) && mix !== (mix & (letter | joiner | capital))) return holds.run;
  return mix & joiner || /^(?:oy2|dapi|cio)/.test(text.slice(start, start + 4))
    ? holds.run
    : holds.scheme;
}
