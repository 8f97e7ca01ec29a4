import { type SQL, sql } from "drizzle-orm";

/** Where the tags of a key begin and end in `issue_tags.tag`; see tag_hash in the migrations. */
export const firstTagOf = (key: SQL): SQL => sql`(hashtext(${key}::text)::bigint << 40)`;
export const lastTagOf = (key: SQL): SQL =>
  sql`((hashtext(${key}::text)::bigint << 40) | 1099511627775)`;
