import { getTableColumns, isSQLWrapper, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

type Cells<T extends PgTable> = {
  [C in keyof T["$inferInsert"]]?: T["$inferInsert"][C] | SQLWrapper;
};

/**
 * `insert into … select …` of some columns: Drizzle's own must be given all of them, the identity too. Values are sent
 * as their column's type. `rows` is what follows `select`: `from …` or `where …`.
 */
export function insertSelect<T extends PgTable>(table: T, cells: Cells<T>, rows: SQL): SQL {
  const columns = new Map(Object.entries(getTableColumns(table)));
  const given = Object.entries<unknown>(cells).map(([key, cell]) => {
    const column = columns.get(key);
    if (!column) throw new Error(`there is no column ${key}`);
    const type = sql.raw(column.getSQLType());
    return {
      name: sql.identifier(column.name),
      cell: isSQLWrapper(cell) ? cell : sql`${sql.param(cell, column)}::${type}`,
    };
  });
  const names = given.map(({ name }) => name);
  const selected = given.map(({ cell }) => cell);
  const comma = sql`, `;
  return sql`insert into ${table} (${sql.join(names, comma)}) select ${sql.join(selected, comma)} ${rows}`;
}
