import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** Names of columns alone, as in `insert into t (…)`, `on conflict (…)` and `set … =`: no table may stand before them. */
export function columnNames<T extends PgTable>(
  table: T,
  ...keys: (keyof T["_"]["columns"] & string)[]
): SQL {
  const columns = new Map(Object.entries(getTableColumns(table)));
  const names = keys.map((key) => {
    const column = columns.get(key);
    if (!column) throw new Error(`there is no column ${key}`);
    return sql.identifier(column.name);
  });
  return sql.join(names, sql`, `);
}
