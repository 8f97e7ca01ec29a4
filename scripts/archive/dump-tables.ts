import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { projectRoot } from "../local/places";
import { formatVersion, type Header, type Table } from "./manifest";
import { versionOf } from "./schema-version";

/** Parts of tables are cut at the end of a row after so much. */
const partBytes = 4 * 1024 * 1024;

export type TablePart = { table: string; rows: number; bytes: Buffer };

export type Dump = {
  header: Header;
  /** All rows of all tables, as COPY writes them in text: any PostgreSQL reads that. */
  parts(): AsyncGenerator<TablePart>;
  close(): Promise<void>;
};

/**
 * Opens one view of a database, which stays as it is at this moment while others go on writing. What is read of the
 * bucket after it has all that these rows name: an object is written before the row that names it, never changed, and
 * deleted long after its row.
 */
export async function openDump(databaseUrl: string): Promise<Dump> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  client.on("error", () => undefined);
  const close = () => client.end().catch(() => undefined);
  try {
    await client.query("begin isolation level repeatable read read only");
    const header = await headerOf(client);
    return {
      header,
      parts: async function* () {
        for (const table of header.tables) yield* partsOf(client, table);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function headerOf(client: pg.Client): Promise<Header> {
  const schema = await versionOf(client);
  if (!schema) throw new Error("The database has no schema yet: there is nothing to copy.");
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  return {
    format: formatVersion,
    id: randomUUID(),
    product: version,
    createdAt: new Date().toISOString(),
    schema,
    tables: await tablesOf(client),
    partitions: await partitionsOf(client),
    sequences: await sequencesOf(client),
  };
}

/** All tables, each after those that it refers to. */
async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { needs: string[] }>(
    `select c.relname as name,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
              order by a.attnum) as columns,
       array(select f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
              where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname`,
  );
  const ordered: Table[] = [];
  const placed = new Set<string>();
  while (ordered.length < rows.length) {
    const next = rows.filter(
      ({ name, needs }) => !placed.has(name) && needs.every((each) => placed.has(each)),
    );
    if (next.length === 0) throw new Error("Tables refer to each other in a circle.");
    for (const { name, columns } of next) {
      ordered.push({ name, columns });
      placed.add(name);
    }
  }
  return ordered;
}

async function partitionsOf(client: pg.Client): Promise<Header["partitions"]> {
  const { rows } = await client.query(
    `select p.relname as table, min(right(c.relname, 8)) as from, max(right(c.relname, 8)) as to
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where p.relkind = 'p' and c.relname ~ '_[0-9]{8}$' and p.relnamespace = 'public'::regnamespace
     group by p.relname order by p.relname`,
  );
  return rows;
}

async function sequencesOf(client: pg.Client): Promise<Header["sequences"]> {
  const { rows } = await client.query(
    `select sequencename as name, last_value::text as last from pg_sequences
     where schemaname = 'public' order by sequencename`,
  );
  return rows;
}

async function* partsOf(client: pg.Client, table: Table): AsyncGenerator<TablePart> {
  const columns = table.columns.map(quoted).join(", ");
  const stream = client.query(
    copyTo(`copy (select ${columns} from ${quoted(table.name)}) to stdout`),
  );
  let held: Buffer[] = [];
  let bytes = 0;
  const part = (whole: Buffer): TablePart => ({
    table: table.name,
    rows: rowsIn(whole),
    bytes: whole,
  });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < partBytes) continue;
    const all = Buffer.concat(held);
    // Line ends within values are written as \n: one of these ends a row.
    const end = all.lastIndexOf(lineEnd) + 1;
    held = [all.subarray(end)];
    bytes = all.length - end;
    if (end > 0) yield part(all.subarray(0, end));
  }
  if (bytes > 0) yield part(Buffer.concat(held));
}

const lineEnd = 0x0a;

function rowsIn(bytes: Buffer): number {
  let rows = 0;
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) rows++;
  return rows;
}

/** A name in SQL; these come from the catalog of a database, or from a file that names them. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
