import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { hourMs } from "../src/protocol/durations";
import { databaseProtocols, reasonNotServerUrl } from "../src/protocol/server-url";
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
  const wrong = reasonNotServerUrl(url, databaseProtocols);
  if (wrong !== undefined) throw new Error(`The address of the database: ${wrong}`);
  const [client, turn] = [newClient(url), newClient(url)];
  try {
    try {
      await Promise.all([client.connect(), turn.connect()]);
    } catch (error) {
      throw new Error(`The database cannot be reached: ${reasonOf(error)}`);
    }
    await assertUtf8(client);
    await waitForTurn(turn);
    try {
      await buildIndexesAhead(client, migrationsFolder);
      await migrate(drizzle(client), { migrationsFolder });
    } catch (error) {
      throw new Error(`The database could not be migrated: ${reasonOf(error)}`);
    }
  } finally {
    await Promise.all([client, turn].map((each) => each.end().catch(() => undefined)));
  }
}

function newClient(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  return client;
}

/** Texts of the whole world are kept, and other encodings refuse or count them otherwise. */
async function assertUtf8(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string; name: string }>(
    `select pg_encoding_to_char(encoding) as encoding, datname as name
       from pg_database where datname = current_database()`,
  );
  const [{ encoding, name } = { encoding: "UTF8", name: "" }] = rows;
  if (encoding === "UTF8") return;
  throw new Error(
    `The database ${name} has the encoding ${encoding}, and must have UTF8. Make another one: createdb --encoding=UTF8 --template=template0 NAME`,
  );
}

/** "Brinkwatch" as a number; whoever migrates a database has this lock of it. */
const migrationLock = 4_720_261_126;
const turnPauseMs = 500;
/** An index of a large table takes hours. */
const turnPausesMax = (4 * hourMs) / turnPauseMs;

/**
 * Waits until nobody else migrates this database, and keeps others waiting until the connection ends. The lock belongs to a
 * transaction, since a connection through a pooler is only one's own within one; it is asked for again and again, since
 * a transaction that waits would hold up the building of an index, and this one its end.
 */
async function waitForTurn(turn: pg.Client): Promise<void> {
  for (let pauses = 0; pauses < turnPausesMax; pauses++) {
    await turn.query("begin");
    await turn.query("set local idle_in_transaction_session_timeout = 0");
    const { rows } = await turn.query<{ mine: boolean }>(
      // Without parameters: a statement that has some keeps what it saw until the next one, which holds up the same.
      `select pg_try_advisory_xact_lock(${migrationLock}) as mine`,
    );
    if (rows[0]?.mine) return;
    await turn.query("rollback");
    await setTimeout(turnPauseMs);
  }
  throw new Error("Somebody else has been migrating the database for hours.");
}

function reasonOf(error: unknown): string {
  const cause = (error as Error).cause ?? error;
  return (cause as Error).message || (cause as NodeJS.ErrnoException).code || String(cause);
}
