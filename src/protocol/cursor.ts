/** The edge of a page of a sorted list: the sort value and id of the row at the edge of a page. */
export type Cursor = { backward: boolean; value: string; id: string };

/** What is asked of a list: how much, and from which edge on. */
export type Range = { limit: number; cursor: Cursor | undefined };

/** One row more than asked for tells whether there is another page. */
export type Page<T> = {
  rows: T[];
  hasMore: boolean;
  /** How far was looked, where that is further than the last row. */
  until?: Omit<Cursor, "backward">;
};

/** Cuts the surplus row off and puts a page that was read backwards the right way round. */
export function toPage<T>(found: T[], { limit, cursor }: Range): Page<T> {
  const rows = found.slice(0, limit);
  return { rows: cursor?.backward ? rows.toReversed() : rows, hasMore: found.length > limit };
}

const valueCharsMax = 300;

/** Opaque to clients, safe in URLs and in the Link header. */
export function encodeCursor({ backward, value, id }: Cursor): string {
  return btoa(`${backward ? "p" : "n"}|${encodeURIComponent(value)}|${id}`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** undefined: not a cursor of ours. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const [direction, encoded, id, rest] = plain.split("|");
    if (
      (direction !== "n" && direction !== "p") ||
      encoded === undefined ||
      !id ||
      rest !== undefined
    ) {
      return undefined;
    }
    const value = decodeURIComponent(encoded);
    if (value.length > valueCharsMax || value.includes("\u0000") || !/^[\w-]{1,64}$/.test(id)) {
      return undefined;
    }
    return { backward: direction === "p", value, id };
  } catch {
    return undefined;
  }
}
