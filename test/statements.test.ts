import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { openDatabase } from "../src/platform/database";
import { code, read } from "./sources";
import { samples, textOf } from "./statement-samples";
import { useDatabase } from "./use-database";

const { client } = useDatabase("statements");

/** Never asked: statements are built and not sent. */
const db = openDatabase("postgresql://nobody:nothing@localhost/none", 1000);

/** What PostgreSQL has against a statement: names, types and parameters are looked at, nothing is run. */
async function refusalOf(statement: unknown): Promise<string | undefined> {
  const { sql: text, params } = textOf(statement);
  try {
    await client.query(`prepare sample as ${text}`);
    const { rows } = await client.query(
      "select cardinality(parameter_types) as n from pg_prepared_statements where name = 'sample'",
    );
    return rows[0].n === params.length ? undefined : `takes ${rows[0].n}, given ${params.length}`;
  } catch (error) {
    return `${String(error)}: ${text}`;
  } finally {
    await client.query("deallocate all");
  }
}

test("every exported statement has samples", () => {
  const files = code.filter((path) => path.endsWith("queries.ts"));
  expect(samples.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
  const exported = files.flatMap((path) =>
    [...read(path).matchAll(/export (?:const|function) (\w+)(?: = )?\(\s*(?:db|tx): Db\b/g)].map(
      ([, statement]) => `${path} ${statement}`,
    ),
  );
  expect(exported.length).toBeGreaterThan(100);
  const sampled = samples.flatMap(({ path, names }) => names.map((each) => `${path} ${each}`));
  expect(sampled.toSorted()).toEqual(exported.toSorted());
  const unused = samples.flatMap(({ build }) => build(db)).filter(({ made }) => !made);
  expect(unused).toEqual([]);
});

test("the migrated database knows every name that a statement uses", async () => {
  const refusals = [];
  for (const { build } of samples) {
    for (const { name: statement, made } of build(db)) {
      for (const each of [made].flat()) {
        const refusal = await refusalOf(each);
        if (refusal) refusals.push(`${statement}: ${refusal}`);
      }
    }
  }
  expect(refusals).toEqual([]);
});

// Else the test above would pass whatever it is given.
test("a column that is not there is noticed", async () => {
  expect(await refusalOf(db.execute(sql`select id from users where id = ${1}`))).toBeUndefined();
  expect(await refusalOf(db.execute(sql`select nickname from users`))).toMatch(/does not exist/);
  expect(await refusalOf(db.execute(sql`select ${1} + unknown_name`))).toMatch(/does not exist/);
});
