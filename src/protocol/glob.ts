/** A pattern with wildcards, read once and matched often. */
export type Glob = readonly Alternative[];

/** What stands between the `*` of one alternative. */
type Alternative = readonly Piece[];
/** A plain text, or what each place may hold. */
type Piece = string | readonly Place[];
export type Place = string | ((char: string) => boolean);
/** Stands for `*` in a pattern. */
export const anyText = Symbol("*");

/** What matching may still cost: comparisons of places, and characters that are searched through. */
export type Steps = { left: number };

export const globCharsMax = 500;
const alternativesMax = 20;

/**
 * `*` any text, `?` any character, `[a-c]` one of these, `[!a]` none of these, `{a,b}` either, `\` takes the next
 * character as it is. Case makes no difference, unless it is `exact`. Answers with what is wrong with the pattern, if
 * something is.
 */
export function parseGlob(text: string, letters: "any" | "exact" = "any"): Glob | string {
  const alternatives = alternativesOf(letters === "any" ? text.toLowerCase() : text);
  if (typeof alternatives === "string") return alternatives;
  const glob: Alternative[] = [];
  for (const alternative of alternatives) {
    const pieces = parsePieces(alternative);
    if (typeof pieces === "string") return pieces;
    glob.push(pieces);
  }
  return glob;
}

/** The texts without braces that a pattern stands for. Answers with what is wrong with it, if something is. */
export const alternativesOf = (text: string): string[] | string =>
  text.length > globCharsMax ? `is longer than ${globCharsMax} characters` : expandBraces(text);

/**
 * Whether a text is what the pattern says, as a whole; in lower case, where the pattern takes any. Without steps left
 * nothing matches.
 */
export const matchesGlob = (glob: Glob, text: string, steps: Steps): boolean =>
  glob.some((pieces) => matchesPieces(pieces, text, steps));

/** All that stands for `a{b,c}d{e,f}`; braces within braces are not known. */
function expandBraces(text: string): string[] | string {
  let expanded = [""];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char !== "{") {
      const taken = char === "\\" ? text.slice(at, at + 2) : char;
      at += taken.length - 1;
      expanded = expanded.map((before) => before + taken);
      continue;
    }
    const choice = readChoice(text, at + 1);
    if (typeof choice === "string") return choice;
    if (expanded.length * choice.words.length > alternativesMax) {
      return `has more than ${alternativesMax} alternatives`;
    }
    expanded = expanded.flatMap((before) => choice.words.map((word) => before + word));
    at = choice.end;
  }
  return expanded;
}

function readChoice(text: string, from: number): { words: string[]; end: number } | string {
  const words = [""];
  const add = (more: string) => words.push((words.pop() ?? "") + more);
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "}") return { words, end: at };
    if (char === "{") return "has braces within braces";
    if (char === ",") words.push("");
    else if (char === "\\") add(text.slice(at, ++at + 1));
    else add(char);
  }
  return "has a { that is not closed";
}

/** What each place of a pattern without braces may hold, and where any text may be. */
export function placesOf(text: string): (Place | typeof anyText)[] | string {
  const places: (Place | typeof anyText)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "*") places.push(anyText);
    else if (char === "?") places.push(() => true);
    else if (char === "\\" && at + 1 < text.length) places.push(text.charAt(++at));
    else if (char === "[") {
      const end = text.indexOf("]", at + 2);
      if (end < 0) return "has a [ that is not closed";
      places.push(classOf(text.slice(at + 1, end)));
      at = end;
    } else places.push(char);
  }
  return places;
}

function parsePieces(text: string): Alternative | string {
  const all = placesOf(text);
  if (typeof all === "string") return all;
  const pieces: Place[][] = [[]];
  for (const place of all) {
    if (place === anyText) pieces.push([]);
    else pieces.at(-1)?.push(place);
  }
  return pieces.map((places) => (places.every(isChar) ? places.join("") : places));
}

const isChar = (place: Place): place is string => typeof place === "string";

function classOf(inner: string): (char: string) => boolean {
  const isNegated = inner.length > 1 && inner.startsWith("!");
  const members = isNegated ? inner.slice(1) : inner;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at++) {
    const first = members.charAt(at);
    const isRange = members.charAt(at + 1) === "-" && at + 2 < members.length;
    ranges.push([first, isRange ? members.charAt(at + 2) : first]);
    if (isRange) at += 2;
  }
  return (char) => ranges.some(([first, last]) => char >= first && char <= last) !== isNegated;
}

/** The first and the last piece stand where the text begins and ends, each other one as early as it can. */
function matchesPieces(pieces: Alternative, text: string, steps: Steps): boolean {
  const [first = "", ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return first.length === text.length && standsAt(first, text, 0, steps);
  let at = first.length;
  const end = text.length - last.length;
  if (end < at || !standsAt(first, text, 0, steps) || !standsAt(last, text, end, steps)) {
    return false;
  }
  for (const piece of others) {
    const found = find(piece, text, at, end, steps);
    if (found === undefined) return false;
    at = found + piece.length;
  }
  return true;
}

function find(piece: Piece, text: string, from: number, end: number, steps: Steps) {
  if (typeof piece === "string") {
    steps.left -= end - from;
    const found = steps.left < 0 ? -1 : text.indexOf(piece, from);
    return found < 0 || found + piece.length > end ? undefined : found;
  }
  for (let at = from; at + piece.length <= end && steps.left >= 0; at++) {
    if (standsAt(piece, text, at, steps)) return at;
  }
  return undefined;
}

function standsAt(piece: Piece, text: string, at: number, steps: Steps): boolean {
  if (typeof piece === "string") {
    steps.left -= piece.length;
    return steps.left >= 0 && text.startsWith(piece, at);
  }
  for (const [index, place] of piece.entries()) {
    if (--steps.left < 0) return false;
    const char = text.charAt(at + index);
    if (typeof place === "string" ? place !== char : !place(char)) return false;
  }
  return true;
}
