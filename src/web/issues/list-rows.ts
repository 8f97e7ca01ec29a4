import type { ListedIssue } from "./list-queries";
import type { Status } from "./search-terms";

type Row = Pick<ListedIssue, "id" | "status">;

/** The rows of all pages, each issue once, without those that the search no longer finds. */
export function rowsOf<R extends Row>(
  pages: readonly { rows: readonly R[] }[],
  wanted: ReadonlySet<Status>,
  leaving: ReadonlySet<string>,
): R[] {
  const seen = new Set<string>();
  return pages.flatMap(({ rows }) =>
    rows.filter(({ id, status }) => {
      if (seen.has(id)) return false;
      seen.add(id);
      return wanted.has(status) || leaving.has(id);
    }),
  );
}

/** The rows that are loaded, where they begin, and the room of those before them. */
export type Stretch = { cursor: string; room: number; ids: readonly string[] };

export const nothingYet: Stretch = { cursor: "", room: 0, ids: [] };

/**
 * Pages that were let go of keep their room, so that what is seen stays where it is: as many rows as there were before
 * the one that is now the first.
 */
export function stretchOf(before: Stretch, cursor: string, ids: readonly string[]): Stretch {
  return { cursor, ids, room: cursor === "" ? 0 : roomOf(before, cursor, ids) };
}

function roomOf(before: Stretch, cursor: string, ids: readonly string[]): number {
  if (cursor === before.cursor) return before.room;
  const dropped = before.ids.indexOf(ids[0] ?? "");
  if (dropped >= 0) return before.room + dropped;
  const added = ids.indexOf(before.ids[0] ?? "");
  return Math.max(0, before.room - Math.max(0, added));
}

/**
 * How many issues came to the top of a list since it was read: those that it does not know and that stand before one
 * that it does. Those behind only moved up.
 */
export function arrivals(known: ReadonlySet<string>, now: readonly string[]): number {
  const last = now.findLastIndex((id) => known.has(id));
  const before = last < 0 && known.size > 0 ? now : now.slice(0, Math.max(0, last));
  return (known.size === 0 ? now : before).filter((id) => !known.has(id)).length;
}

/** `TypeError` and what it says; a message has no type. */
export function headingOf(issue: Pick<ListedIssue, "title" | "metadata">): {
  type: string | undefined;
  text: string;
} {
  const { type, value } = issue.metadata;
  return type
    ? { type: shown(type), text: shown(value ?? "") }
    : { type: undefined, text: shown(issue.title) };
}

const shownChars = 300;
/** More than fits on any screen is not put on the page. */
export const shown = (text: string): string =>
  text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;

/** `cart/total.ts in sumLines` where the API knows both, else its culprit. */
export function placeOfIssue({ metadata, culprit }: Pick<ListedIssue, "metadata" | "culprit">) {
  const { filename, function: name } = metadata;
  return shown(filename && name ? `${filename} in ${name}` : culprit);
}
