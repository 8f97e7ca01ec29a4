import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { users } from "../../drizzle/schema/accounts";
import { sqlTemplate } from "../../src/platform/sql-template";

const written = (parts: ReturnType<typeof sql>) => {
  const { sql: text, params } = new PgDialect().sqlToQuery(parts);
  return [text, params];
};

test("a template is the same SQL as one that is put together with its values", () => {
  const named = sqlTemplate<"name" | "id">(
    (value) =>
      sql`select ${users.id} from ${users} where ${users.name} = ${value("name")} or ${value("id")} > ${value("name")}`,
  );
  const by = (name: string, id: number) =>
    sql`select ${users.id} from ${users} where ${users.name} = ${name} or ${id} > ${name}`;
  // Once more with others: nothing of the first call is left.
  for (const [name, id] of [["ada", 1] as const, ["$1 `bob`", 2] as const]) {
    expect(written(named({ name, id }))).toEqual(written(by(name, id)));
  }
});

test("a value may be SQL, with values of its own, and stands where it is put", () => {
  const found = sqlTemplate<"condition" | "limit">(
    (value) => sql`select 1 where ${value("condition")} limit ${value("limit")}`,
  );
  expect(written(found({ condition: sql`${1} < ${2}`, limit: 3 }))).toEqual([
    "select 1 where $1 < $2 limit $3",
    [1, 2, 3],
  ]);
  expect(written(found({ condition: sql`true`, limit: 3 }))).toEqual([
    "select 1 where true limit $1",
    [3],
  ]);
});

test("text that looks like a value is no template", () => {
  const odd = sqlTemplate<"name">((value) => sql`select '$1' || ${value("name")}`);
  expect(() => odd({ name: "ada" })).toThrow("dollar");
});
