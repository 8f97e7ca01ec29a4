import type { Search } from "../filters";

/** The list that somebody came from to an issue: its order as it was then, whatever left it since. */
export type CameFrom = {
  org: string;
  /** The address of the list, to go back to it. */
  search: Search;
  ids: string[];
  /** How many stand before the first of these. */
  before: number;
  /** "128" or "1,000+"; undefined while nobody counted. */
  total: string | undefined;
};

const key = "brinkwatch.came-from";
/** A list that was scrolled far has more; one steps through them one by one. */
const idsMax = 1000;

/** So many of the rows around the one that is opened. */
export function around(ids: readonly string[], id: string): { ids: string[]; from: number } {
  const at = Math.max(0, ids.indexOf(id));
  const from = Math.max(0, Math.min(at - idsMax / 2, ids.length - idsMax));
  return { ids: ids.slice(from, from + idsMax), from };
}

/** A kept text → the list, where it is one of this organization. */
export function parseCameFrom(text: string | null, org: string): CameFrom | undefined {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const { org: of, search, ids, before, total } = kept as Partial<CameFrom>;
    const isWhole =
      of === org &&
      typeof search === "object" &&
      search !== null &&
      Array.isArray(ids) &&
      ids.length <= idsMax &&
      ids.every((id) => typeof id === "string") &&
      typeof before === "number" &&
      (total === undefined || typeof total === "string");
    return isWhole ? { org, search, ids, before, total } : undefined;
  } catch {
    return undefined;
  }
}

/** Kept for this tab, so that a reload loses nothing of it. */
export function keepCameFrom(list: CameFrom): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(list));
  } catch {
    // Only a convenience.
  }
}

export function cameFrom(org: string): CameFrom | undefined {
  try {
    return parseCameFrom(sessionStorage.getItem(key), org);
  } catch {
    return undefined;
  }
}

export type PlaceInList = {
  /** From 1, in the whole list. */
  place: number;
  previous: string | undefined;
  next: string | undefined;
};

export function placeIn({ ids, before }: CameFrom, id: string): PlaceInList | undefined {
  const at = ids.indexOf(id);
  if (at < 0) return undefined;
  return { place: before + at + 1, previous: ids[at - 1], next: ids[at + 1] };
}
