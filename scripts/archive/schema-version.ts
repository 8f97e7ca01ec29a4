import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { z } from "zod";
import { projectRoot } from "../local/places";
import { migrateDatabase } from "../migrate-database";

/** The newest migration of a schema: when it was made orders them, its tag is for people. */
export const SchemaVersion = z.object({ when: z.number(), tag: z.string() });
export type SchemaVersion = z.output<typeof SchemaVersion>;

export const ownMigrations = join(projectRoot, "drizzle/migrations");
const Journal = z.looseObject({
  entries: z.array(z.looseObject({ when: z.number(), tag: z.string() })),
});
const journalOf = (folder: string) =>
  Journal.parse(JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")));

/** All that this version of the product knows, the oldest first. */
export const knownVersions = (folder = ownMigrations): SchemaVersion[] =>
  journalOf(folder).entries.map(({ when, tag }) => ({ when, tag }));

/** The newest migration that a database has; undefined when it has none. */
export async function versionOf(
  client: pg.ClientBase,
  folder = ownMigrations,
): Promise<SchemaVersion | undefined> {
  const { rows: found } = await client.query(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  );
  if (!found[0].there) return undefined;
  const { rows } = await client.query(
    "select max(created_at)::float8 as last from drizzle.__drizzle_migrations",
  );
  const when: number | null = rows[0].last;
  if (when === null) return undefined;
  const tag = knownVersions(folder).find((version) => version.when === when)?.tag;
  return { when, tag: tag ?? `of ${new Date(when).toISOString().slice(0, 10)}` };
}

/** Throws when a schema is newer than this version of the product, or of another line. */
export function assertKnown(version: SchemaVersion, what: string, folder = ownMigrations): void {
  const known = knownVersions(folder);
  if (known.some(({ when }) => when === version.when)) return;
  const newest = known.at(-1);
  throw new Error(
    `${what} has the schema ${version.tag}, which this version does not know (its newest is ${newest?.tag}). Use the version that wrote it, or a newer one.`,
  );
}

/** Brings an empty database to an older schema. */
export async function migrateTo(
  databaseUrl: string,
  version: SchemaVersion,
  folder = ownMigrations,
): Promise<void> {
  const older = mkdtempSync(join(tmpdir(), "brinkwatch-migrations-"));
  try {
    cpSync(folder, older, { recursive: true });
    const journal = journalOf(folder);
    const entries = journal.entries.filter(({ when }) => when <= version.when);
    writeFileSync(join(older, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
    await migrateDatabase(databaseUrl, older);
  } finally {
    rmSync(older, { recursive: true, force: true });
  }
}
