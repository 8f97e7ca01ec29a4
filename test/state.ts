import { createHash } from "node:crypto";
import type pg from "pg";
import { expect } from "vitest";
import { untilSettled } from "./harness";

/** Written because somebody asked, whatever the answer was. */
const notedByAsking = ["last_used_at", "last_login_at"];

/**
 * All rows of all tables, one fingerprint a table: the sum of the rows' hashes, so that nothing needs to be sorted or
 * spelled. Hashed twice, for a row's hash is a sum of its own, and values that change places would not show. Partitions
 * are tables here: most are empty and not even opened.
 */
async function stateOf(sql: pg.Pool): Promise<Record<string, string>> {
  const { rows: tables } = await sql.query(
    `select relname as name, string_agg('t.' || quote_ident(attname), ', ' order by attnum) as columns
       from pg_class join pg_attribute on attrelid = pg_class.oid
      where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(pg_class.oid) > 0
        and attnum > 0 and not attisdropped and not attname = any($1)
      group by relname order by relname`,
    [notedByAsking],
  );
  const text = tables
    .map(
      ({ name, columns }) =>
        `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashint8extended(hash_record_extended(row(${columns}), 0), 0)), 0) as print from ${name} t`,
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
