import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { auditLog } from "../../drizzle/schema/audit";
import { fixedSql } from "../../src/platform/fixed-sql";
import { insertSelect } from "../../src/platform/insert-select";

const written = (text: ReturnType<typeof fixedSql>) => {
  const { sql: words, params } = new PgDialect().sqlToQuery(text);
  return [words, params];
};

test("rows are inserted with some columns: values as their column's type, SQL as it is", () => {
  const cells = { orgId: 7, target: sql`slug`, data: { role: "admin" }, ip: null };
  expect(written(insertSelect(auditLog, cells, sql`from changed`))).toEqual([
    'insert into "audit_log" ("org_id", "target", "data", "ip") select $1::bigint, slug, $2::jsonb, $3::text from changed',
    [7, '{"role":"admin"}', null],
  ]);
  const misspelt: object = { organisation: 7 };
  expect(() => insertSelect(auditLog, misspelt, sql`from changed`)).toThrow("no column");
});

test("what is written out once names columns and has no parameters", () => {
  expect(written(fixedSql(sql`select ${auditLog.id} from ${auditLog}`))).toEqual([
    'select "audit_log"."id" from "audit_log"',
    [],
  ]);
  expect(() => fixedSql(sql`select ${1}`)).toThrow("without parameters");
});
