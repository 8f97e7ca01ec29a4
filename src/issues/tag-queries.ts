import { type SQL, sql } from "drizzle-orm";

/**
 * A key and a value as one number, as `issue_tags.tag` holds it: 24 bits of the key, then 40 of the value. Written out
 * where it is used: the planner folds it into a constant, which it would not do with a function of ours for free.
 */
export const tagOf = (key: SQL, value: SQL): SQL =>
  sql`((hashtext(${key}::text)::bigint << 40) | (hashtextextended(${value}::text, 0) & 1099511627775))`;

/** Where the tags of a key begin and end. */
export const firstTagOf = (key: SQL): SQL => sql`(hashtext(${key}::text)::bigint << 40)`;
export const lastTagOf = (key: SQL): SQL =>
  sql`((hashtext(${key}::text)::bigint << 40) | 1099511627775)`;
