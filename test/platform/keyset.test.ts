import { type SQL, sql } from "drizzle-orm";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { auditLog } from "../../drizzle/schema/audit";
import { openDatabase } from "../../src/platform/database";
import { keyset } from "../../src/platform/keyset";
import { type Cursor, type Range, toPage } from "../../src/protocol/cursor";
import { textOf } from "../statement-samples";

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject("serverUrl") });
  await client.connect();
});
afterAll(() => client.end());

/** Never asked: statements are built and not sent. */
const db = openDatabase("postgresql://nobody:nothing@localhost/none", 1000);
const key = { by: sql`t.key`, type: "integer" };
const id = { by: sql`t.id`, type: "bigint" };

type Row = { key: number; id: string };
const placeOf = ({ key: value, id: rowId }: Row) => ({ value: String(value), id: rowId });

/** Walks to one end of a list, a page at a time, and answers with its pages in the order of the walk. */
async function walk(rows: Row[], limit: number, order: "ascending" | "descending", start?: Cursor) {
  const pages: Row[][] = [];
  let cursor = start;
  for (let n = 0; n <= rows.length + 1; n++) {
    const range: Range = { limit, cursor };
    const page = keyset(key, id, range, order);
    const table: SQL = sql`(select (r ->> 'key')::integer as key, (r ->> 'id')::bigint as id
      from json_array_elements(${JSON.stringify(rows)}::json) r) t`;
    const { sql: text, params } = textOf(
      db.execute(
        sql`select t.* from ${table} where ${page.condition ?? sql`true`} order by ${page.order} limit ${page.limit}`,
      ),
    );
    const found = toPage<Row>((await client.query(text, params)).rows, range);
    pages.push(found.rows);
    const edge = start?.backward ? found.rows[0] : found.rows.at(-1);
    if (!found.hasMore || !edge) break;
    cursor = { backward: start?.backward ?? false, ...placeOf(edge) };
  }
  return pages;
}

test("the pages of a list hold each row once, in order, both ways, also among equals", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom("ascending" as const, "descending" as const),
      async (keys, limit, order) => {
        const rows = keys.map((value, index) => ({ key: value, id: String(index + 1) }));
        const sorted = rows.toSorted((a, b) => a.key - b.key || Number(a.id) - Number(b.id));
        if (order === "descending") sorted.reverse();
        const forth = (await walk(rows, limit, order)).flat();
        expect(forth).toEqual(sorted);
        const last = sorted.at(-1);
        if (!last) return;
        const back = await walk(rows, limit, order, { backward: true, ...placeOf(last) });
        expect(back.toReversed().flat()).toEqual(sorted.slice(0, -1));
      },
    ),
    { numRuns: 60 },
  );
});

test("a column brings its type, and a cursor is compared with it as such", () => {
  const range = { limit: 5, cursor: { backward: true, value: "2026-11-26T12:00:00Z", id: "7" } };
  const page = keyset(auditLog.createdAt, auditLog.id, range, "descending");
  const { sql: text, params } = textOf(
    db.execute(sql`${page.condition} order by ${page.order} limit ${page.limit}`),
  );
  expect(text).toBe(
    '("audit_log"."created_at", "audit_log"."id") > ($1::timestamp with time zone, $2::bigint) order by "audit_log"."created_at" asc, "audit_log"."id" asc limit $3',
  );
  expect(params).toEqual(["2026-11-26T12:00:00Z", "7", 6]);
  const first = keyset(undefined, auditLog.id, { limit: 5, cursor: undefined });
  expect(first.condition).toBeUndefined();
});
