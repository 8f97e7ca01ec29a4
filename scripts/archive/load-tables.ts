import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { weekMs } from "../../src/protocol/durations";
import { partitionedTables } from "../../src/stats/retention";
import { quoted, type TablePart } from "./dump-tables";
import type { Header } from "./manifest";
import { assertKnown, migrateTo, versionOf } from "./schema-version";

const pieceBytes = 256 * 1024;

/**
 * Gives an empty database the schema that the rows are of. Throws where there are rows already, or another schema.
 */
export async function prepareTarget(
  client: pg.Client,
  databaseUrl: string,
  header: Header,
): Promise<void> {
  assertKnown(header.schema, "It");
  const found = await versionOf(client);
  if (found && found.when !== header.schema.when) {
    throw new Error(
      `The database has the schema ${found.tag} already, and what is to be loaded ${header.schema.tag}: take an empty database.`,
    );
  }
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  for (const { name } of rows) {
    const { rowCount } = await client.query(`select 1 from ${quoted(name)} limit 1`);
    if (rowCount) {
      throw new Error(`The database is not empty (${name} has rows): nothing was changed.`);
    }
  }
  if (!found) await migrateTo(databaseUrl, header.schema);
}

/** Partitions for rows of any age that are to come; those that are there stay. */
export async function makePartitions(client: pg.ClientBase, header: Header): Promise<void> {
  for (const { table, from, to } of header.partitions) {
    const [first, last] = [from, to].map(
      (day) => new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`),
    );
    const weeks = Math.round((Number(last) - Number(first)) / weekMs);
    const span = partitionedTables.find((each) => each.table === table)?.weeks ?? 1;
    await client.query("select ensure_partitions($1, $2, $3, $4)", [table, first, weeks, span]);
  }
}

/**
 * Loads a part of a table within the transaction of the client. Triggers that bound what people make are off
 * meanwhile: these rows were counted when they were made. Constraints hold.
 */
export async function loadPart(
  client: pg.Client,
  header: Header,
  { table, rows, bytes }: TablePart,
): Promise<void> {
  const columns = header.tables.find(({ name }) => name === table)?.columns;
  if (!columns) throw new Error(`There is no table ${table}.`);
  const name = quoted(table);
  await client.query(`alter table ${name} disable trigger user`);
  const stream = client.query(
    copyFrom(`copy ${name} (${columns.map(quoted).join(", ")}) from stdin`),
  );
  await pipeline(Readable.from(piecesOf(bytes)), stream);
  await client.query(`alter table ${name} enable trigger user`);
  if (stream.rowCount !== rows) {
    throw new Error(`${stream.rowCount} of ${rows} rows of ${table} could be loaded.`);
  }
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** New rows get numbers behind those that were loaded. */
export async function setSequences(client: pg.ClientBase, header: Header): Promise<void> {
  for (const { name, last } of header.sequences) {
    if (last !== null) await client.query("select setval($1::regclass, $2)", [quoted(name), last]);
  }
}
