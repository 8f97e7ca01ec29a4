import { createHash } from "node:crypto";
import type pg from "pg";
import { expect } from "vitest";
import { untilSettled } from "./harness";

/** Written because somebody asked, whatever the answer was, or by a queue's consumer after what was there before. */
const notedByOthers = ["last_used_at", "last_login_at", "handled_at"];

/** What a table's rows are made of, by its name, of the database behind a pool. */
const columnsOf = new WeakMap<pg.Pool, Map<string, string>>();

/** Read once for many looks: among the catalogs it takes longer than looking at the rows. */
async function readColumns(sql: pg.Pool): Promise<Map<string, string>> {
  const { rows } = await sql.query(
    `select relname as name, string_agg('t.' || quote_ident(attname), ', ' order by attnum) as columns
       from pg_class join pg_attribute on attrelid = pg_class.oid
      where relkind = 'r' and relnamespace = 'public'::regnamespace
        and attnum > 0 and not attisdropped and not attname = any($1)
      group by relname`,
    [notedByOthers],
  );
  const columns = new Map(rows.map(({ name, columns: listed }) => [name, listed]));
  columnsOf.set(sql, columns);
  return columns;
}

/**
 * All rows of all tables, one fingerprint a table: the sum of the rows' hashes, so that nothing needs to be sorted or
 * spelled. Hashed twice, for a row's hash is a sum of its own, and values that change places would not show. Partitions
 * are tables here: most are empty and not even opened.
 */
async function stateOf(sql: pg.Pool): Promise<Record<string, string>> {
  const { rows: filled } = await sql.query<{ name: string }>({
    name: "filled tables",
    text: `select relname as name from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0
            order by relname`,
  });
  const known = columnsOf.get(sql);
  const columns =
    known && filled.every(({ name }) => known.has(name)) ? known : await readColumns(sql);
  const text = filled
    .map(
      ({ name }) =>
        `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashint8extended(hash_record_extended(row(${columns.get(name)}), 0), 0)), 0) as print from ${name} t`,
    )
    .join(" union all ");
  // With a name it is planned once a connection: planning takes longer than looking.
  const { rows } = await sql.query({ name: createHash("md5").update(text).digest("hex"), text });
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}

/** What must be refused is also to leave everything as it was, in every tenant. Answers with what it got. */
export async function changingNothing<T>(
  sql: pg.Pool,
  what: string,
  run: () => Promise<T>,
): Promise<T> {
  await untilSettled(sql);
  const before = await stateOf(sql);
  const answer = await run();
  expect({ what, ...(await stateOf(sql)) }).toEqual({ what, ...before });
  return answer;
}
