import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";

const dialect = new PgDialect();

/** SQL without parameters, written out once: what each request asks is not put together of columns each time. */
export function fixedSql(parts: SQL): SQL {
  const { sql: text, params } = dialect.sqlToQuery(parts);
  if (params.length > 0) throw new Error("only SQL without parameters is the same each time");
  return sql.raw(text);
}
