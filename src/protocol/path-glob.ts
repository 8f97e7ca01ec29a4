import { alternativesOf, anyText, type Place, placesOf, type Steps } from "./glob";

/**
 * A pattern of paths, read once and matched often: as `Glob`, but `*` ends at a slash and `**` does not. Case and the kind
 * of slash make no difference.
 */
export type PathGlob = readonly (readonly Part[])[];

/** One place, a text within a folder, or any text. */
type Part = Place | typeof inFolder | typeof anywhere;
const inFolder = Symbol("*");
const anywhere = Symbol("**");

/** Answers with what is wrong with the pattern, if something is. */
export function parsePathGlob(text: string): PathGlob | string {
  const alternatives = alternativesOf(text.toLowerCase());
  if (typeof alternatives === "string") return alternatives;
  const glob: Part[][] = [];
  for (const alternative of alternatives) {
    const places = placesOf(alternative);
    if (typeof places === "string") return places;
    glob.push(partsOf(places));
  }
  return glob;
}

/** A path as patterns are compared with it. */
export const plainPath = (path: string): string => path.replaceAll("\\", "/").toLowerCase();

/** Of a plain path: a relative one also stands below `**` and a slash. Without steps left nothing matches. */
export const matchesPath = (glob: PathGlob, path: string, steps: Steps): boolean =>
  glob.some(
    (parts) =>
      endsAlike(parts, path, steps) &&
      (matchesParts(parts, path, steps) ||
        (parts[0] === anywhere && !path.startsWith("/") && matchesParts(parts, `/${path}`, steps))),
  );

/** Most paths differ in how they end, which is cheap to see. */
function endsAlike(parts: readonly Part[], text: string, steps: Steps): boolean {
  steps.left--;
  const last = parts.at(-1);
  return text === "" || last === inFolder || last === anywhere || last === undefined
    ? true
    : holds(last, text, text.length - 1);
}

function partsOf(places: readonly (Place | typeof anyText)[]): Part[] {
  const parts: Part[] = [];
  for (const place of places) {
    if (place !== anyText) parts.push(place);
    else if (parts.at(-1) === inFolder) parts[parts.length - 1] = anywhere;
    else if (parts.at(-1) !== anywhere) parts.push(inFolder);
  }
  return parts;
}

type Retry = { part: number; at: number };

/** What fails is tried again one character further: behind the last `*` as far as its folder goes, then behind `**`. */
function matchesParts(parts: readonly Part[], text: string, steps: Steps): boolean {
  let inner: Retry | undefined;
  let outer: Retry | undefined;
  let part = 0;
  let at = 0;
  for (;;) {
    if (--steps.left < 0) return false;
    const current = parts[part];
    if (current === anywhere) {
      outer = { part: ++part, at };
      inner = undefined;
      continue;
    }
    if (current === inFolder) {
      inner = { part: ++part, at };
      continue;
    }
    if (current === undefined ? at === text.length : holds(current, text, at)) {
      if (current === undefined) return true;
      part++;
      at++;
      continue;
    }
    if (inner && inner.at < text.length && text.charAt(inner.at) !== "/") {
      inner = { part: inner.part, at: inner.at + 1 };
      ({ part, at } = inner);
    } else if (outer && outer.at < text.length) {
      outer = { part: outer.part, at: outer.at + 1 };
      inner = undefined;
      ({ part, at } = outer);
    } else return false;
  }
}

const holds = (place: Place, text: string, at: number): boolean =>
  at >= 0 &&
  at < text.length &&
  (typeof place === "string" ? place === text.charAt(at) : place(text.charAt(at)));
