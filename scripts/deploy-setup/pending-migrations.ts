import { join } from "node:path";
import pg from "pg";
import { databaseProtocols, reasonNotServerUrl } from "../../src/protocol/server-url";
import { assertKnown, knownVersions, versionOf } from "../archive/schema-version";

/**
 * How many migrations a database still needs. Reads only; throws in words when it cannot be reached, or is of a newer
 * version than this one.
 */
export async function pendingMigrations(url: string, folder: string): Promise<number> {
  const migrations = join(folder, "drizzle/migrations");
  const wrong = reasonNotServerUrl(url, databaseProtocols);
  if (wrong !== undefined) throw new Error(`DATABASE_URL: ${wrong}`);
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`The database of DATABASE_URL cannot be reached: ${(error as Error).message}`);
  }
  try {
    const version = await versionOf(client, migrations);
    if (version) assertKnown(version, "The database", migrations);
    return knownVersions(migrations).filter(({ when }) => when > (version?.when ?? 0)).length;
  } finally {
    await client.end().catch(() => undefined);
  }
}
