import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { lookUp } from "../protocol/dictionary";

const dialect = new PgDialect();

/** Stands for a value of a template. */
export type Value<N extends string> = (name: N) => SQL;

/**
 * SQL of which only the values differ from call to call. It is written out once, with the first call: the names that it
 * takes from the schema then cost nothing, while putting them together each time takes several times as long. A value
 * may be SQL itself.
 */
export function sqlTemplate<N extends string>(
  write: (value: Value<N>) => SQL,
): (values: Readonly<Record<N, unknown>>) => SQL {
  let written: { texts: TemplateStringsArray; names: N[] } | undefined;
  return (values) => {
    written ??= writeOut(write);
    return sql(written.texts, ...written.names.map((name) => lookUp(values, name)));
  };
}

function writeOut<N extends string>(write: (value: Value<N>) => SQL) {
  const parts = write((name) => sql`${sql.placeholder(name)}`);
  const { sql: text, params } = dialect.sqlToQuery(parts);
  const names = params.map((param) => (param as { name: N }).name);
  const texts = text.split(/\$\d+/);
  if (texts.length !== names.length + 1) throw new Error("only values may begin with a dollar");
  // As the tag reads it: what was written between the values, without `raw`.
  return { texts: texts as unknown as TemplateStringsArray, names };
}
