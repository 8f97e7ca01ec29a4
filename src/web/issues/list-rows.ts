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
