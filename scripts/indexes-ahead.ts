import { readMigrationFiles } from "drizzle-orm/migrator";
import type pg from "pg";

/** An index of a large table, as a migration writes it (CONTRIBUTING, "Indexes of large tables"). */
const indexPattern =
  /^\s*CREATE (?<unique>UNIQUE )?INDEX IF NOT EXISTS "(?<name>\w+)" ON "(?<table>\w+)" (?<rest>[^;]+);?\s*$/i;
const nameBytesMax = 63;

/**
 * Builds the indexes of migrations that are still to come without keeping writers out, which is not possible within
 * their transaction; there IF NOT EXISTS finds them, or attaches those of partitions. What a half-built one has left
 * behind is built again.
 */
export async function buildIndexesAhead(client: pg.Client, migrationsFolder: string) {
  const last = await lastMigration(client);
  // A new database has nobody to keep out.
  if (last === undefined) return;
  const statements = readMigrationFiles({ migrationsFolder })
    .filter(({ folderMillis }) => folderMillis > last)
    .flatMap(({ sql }) => sql);
  for (const statement of statements) {
    const { unique = "", name = "", table = "", rest } = indexPattern.exec(statement)?.groups ?? {};
    if (rest === undefined) continue;
    for (const { leaf, own } of await leavesOf(client, table)) {
      const called = own ? name : `${leaf}_${name}`.slice(-nameBytesMax);
      await build(
        client,
        called,
        `create ${unique}index concurrently "${called}" on ${leaf} ${rest}`,
      );
    }
  }
}

/** When the newest migration was made that this database has. */
async function lastMigration(client: pg.Client): Promise<number | undefined> {
  const { rows: tables } = await client.query(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  );
  if (!tables[0].there) return undefined;
  const { rows } = await client.query(
    "select max(created_at)::float8 as last from drizzle.__drizzle_migrations",
  );
  return rows[0].last ?? undefined;
}

/** Where rows are: a table, or its partitions. None when there is no such table yet. */
async function leavesOf(client: pg.Client, table: string) {
  const { rows } = await client.query<{ leaf: string; own: boolean }>(
    `select relid::regclass::text as leaf, false as own from pg_partition_tree(to_regclass($1)) where isleaf
     union all
     select oid::regclass::text, true from pg_class where oid = to_regclass($1) and relkind = 'r'`,
    [table],
  );
  return rows;
}

async function build(client: pg.Client, name: string, statement: string): Promise<void> {
  const { rows } = await client.query<{ isValid: boolean }>(
    `select indisvalid as "isValid" from pg_index where indexrelid = to_regclass($1)`,
    [`"${name}"`],
  );
  if (rows[0]?.isValid) return;
  if (rows[0]) await client.query(`drop index concurrently "${name}"`);
  try {
    await client.query(statement);
  } catch (error) {
    // It is about a column that its own migration adds: nothing is in it yet, and the index is quickly built there.
    if ((error as { code?: string }).code !== "42703") throw error;
  }
}
