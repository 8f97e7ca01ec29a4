import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** Condition: a column is one of these ids, however many they are. They are one parameter, as PostgreSQL's literal. */
export const anyOf = (column: SQLWrapper, ids: readonly (number | bigint)[]): SQL =>
  sql`${column} = any(${`{${ids.join(",")}}`}::bigint[])`;
