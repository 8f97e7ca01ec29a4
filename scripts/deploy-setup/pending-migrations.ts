import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

/** How many migrations a database still needs. Reads only; throws in words when it cannot be reached. */
export async function pendingMigrations(url: string, folder: string): Promise<number> {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(join(folder, "drizzle/migrations/meta/_journal.json"), "utf8"),
  );
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`The database of DATABASE_URL cannot be reached: ${(error as Error).message}`);
  }
  try {
    const { rows: known } = await client.query(
      "select to_regclass('drizzle.__drizzle_migrations') is not null as found",
    );
    if (!known[0]?.found) return journal.entries.length;
    const { rows } = await client.query(
      "select coalesce(max(created_at), 0)::float8 as last from drizzle.__drizzle_migrations",
    );
    return journal.entries.filter(({ when }) => when > rows[0].last).length;
  } finally {
    await client.end().catch(() => undefined);
  }
}
