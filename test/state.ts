import type pg from "pg";
import { expect } from "vitest";

/** Written because somebody asked, whatever the answer was. */
const notedByAsking = ["last_used_at", "last_login_at"];

/** All rows of all tables, one fingerprint a table. Partitions are tables here: most are empty and not even opened. */
async function stateOf(sql: pg.Pool): Promise<Record<string, string>> {
  const { rows: tables } = await sql.query(
    `select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0`,
  );
  const row = `(to_jsonb(t) - '{${notedByAsking.join(",")}}'::text[])::text`;
  const { rows } = await sql.query(
    tables
      .map(
        ({ name }) =>
          `select '${name}' as name, md5(string_agg(${row}, '' order by ${row})) as print from ${name} t`,
      )
      .join(" union all "),
  );
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}

/** What must be refused is also to leave everything as it was, in every tenant. Answers with what it got. */
export async function changingNothing<T>(
  sql: pg.Pool,
  what: string,
  run: () => Promise<T>,
): Promise<T> {
  const before = await stateOf(sql);
  const answer = await run();
  expect({ what, ...(await stateOf(sql)) }).toEqual({ what, ...before });
  return answer;
}
