import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { buildIndexesAhead } from "./indexes-ahead";
import { projectRoot } from "./local/places";

const ownMigrations = join(projectRoot, "drizzle/migrations");

/**
 * Brings a database to the newest schema, in one transaction but for indexes of large tables, which come first. Safe to
 * run again.
 */
export async function migrateDatabase(
  url: string,
  migrationsFolder = ownMigrations,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`The database cannot be reached: ${reasonOf(error)}`);
  }
  client.on("error", () => undefined);
  try {
    await buildIndexesAhead(client, migrationsFolder);
    await migrate(drizzle(client), { migrationsFolder });
  } catch (error) {
    throw new Error(`The database could not be migrated: ${reasonOf(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  const cause = (error as Error).cause ?? error;
  return (cause as Error).message || (cause as NodeJS.ErrnoException).code || String(cause);
}
