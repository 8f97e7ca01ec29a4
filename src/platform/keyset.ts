import { Column, type SQL, sql } from "drizzle-orm";
import type { Range } from "../protocol/cursor";

/** What a list is sorted by: a column, or an expression with its type, which an index must have in these words. */
export type SortKey = Column | { by: SQL; type: string };

export type Keyset = {
  /** What is behind the cursor; undefined on a first page. */
  condition: SQL | undefined;
  order: SQL;
  /** One row more than asked for tells whether there is another page. */
  limit: number;
  /** Of the order; a page before a cursor is read backwards. */
  direction: SQL;
};

/**
 * One page of a list that is sorted by a key and, among equals, by an id, both in one direction; by the id alone without
 * a key. The cursor's texts become what they are compared with here and nowhere else.
 */
export function keyset(
  key: SortKey | undefined,
  id: SortKey,
  { cursor, limit }: Range,
  order: "ascending" | "descending" = "ascending",
): Keyset {
  const descending = (order === "descending") !== (cursor?.backward ?? false);
  const direction = sql.raw(descending ? "desc" : "asc");
  const sign = sql.raw(descending ? "<" : ">");
  const [byKey, byId] = [key && byOf(key), byOf(id)];
  const edge = cursor && {
    value: key && sql`${cursor.value}::${typeOf(key)}`,
    id: sql`${cursor.id}::${typeOf(id)}`,
  };
  return {
    condition:
      edge &&
      (byKey
        ? sql`(${byKey}, ${byId}) ${sign} (${edge.value}, ${edge.id})`
        : sql`${byId} ${sign} ${edge.id}`),
    order: byKey ? sql`${byKey} ${direction}, ${byId} ${direction}` : sql`${byId} ${direction}`,
    limit: limit + 1,
    direction,
  };
}

const isColumn = (key: SortKey): key is Column => key instanceof Column;
const byOf = (key: SortKey) => (isColumn(key) ? key : key.by);
const typeOf = (key: SortKey) => sql.raw(isColumn(key) ? key.getSQLType() : key.type);
