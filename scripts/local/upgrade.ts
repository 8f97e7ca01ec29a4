import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import pg from "pg";
import { knownVersions, ownMigrations, versionOf } from "../archive/schema-version";
import { writeBackup } from "../archive/write-backup";
import { migrateDatabase } from "../migrate-database";

export type PrepareOptions = {
  databaseUrl: string;
  /** The data folder; backups go into it. */
  folder: string;
  /** Secrets that belong to the data, by name. */
  files: Record<string, string>;
  log: (line: string) => void;
  migrationsFolder?: string;
};

const backupsKept = 3;
const prefix = "before-";
/** Lies in a folder while a backup is restored into it. */
export const restoreMark = "restore-unfinished";

export const backupFolder = (folder: string): string => join(folder, "backups");

/**
 * Brings the database to the newest schema. Before it changes one that has data, it is copied to a backup: of the
 * database alone, since migrations do not touch the bucket. Throws, changing nothing, when the schema is newer than this
 * version.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<void> {
  const { databaseUrl, folder, log, migrationsFolder = ownMigrations } = options;
  if (existsSync(join(folder, restoreMark))) {
    throw new Error(
      `A restore into ${folder} did not end. Run it again, with --force ${basename(folder)}.`,
    );
  }
  const { version, hasData } = await lookAt(databaseUrl, migrationsFolder);
  const known = knownVersions(migrationsFolder);
  const newest = known.at(-1);
  if (version && newest && !known.some(({ when }) => when === version.when)) {
    const isNewer = version.when > newest.when;
    throw new Error(
      `The database was used by ${isNewer ? "a newer" : "another"} version (its schema is ${version.tag}, the newest of this version ${newest.tag}). Start that version again, or restore a backup from before (npm run restore)${lastBackup(folder)}.`,
    );
  }
  if (version && newest && version.when < newest.when && hasData) {
    const stamp = new Date().toISOString().replace(/[:.]/g, "-");
    const file = join(backupFolder(folder), `${prefix}${newest.tag}-${stamp}.tar.gz`);
    const { rows } = await save(databaseUrl, options.files, file);
    log(
      `Before the upgrade from ${version.tag} to ${newest.tag}, ${rows} rows were saved to ${file}.`,
    );
    dropOld(folder);
  }
  await migrateDatabase(databaseUrl, migrationsFolder);
}

async function save(databaseUrl: string, files: Record<string, string>, file: string) {
  try {
    return await writeBackup({ databaseUrl, files }, file, () => undefined);
  } catch (error) {
    throw new Error(
      `The database could not be saved before its upgrade, so nothing was changed: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function lookAt(databaseUrl: string, migrationsFolder: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    client.on("error", () => undefined);
    const version = await versionOf(client, migrationsFolder);
    const { rows } = await client.query("select to_regclass('public.users') is not null as there");
    const hasData = rows[0].there && (await client.query("select 1 from users limit 1")).rowCount;
    return { version, hasData: Boolean(hasData) };
  } catch (error) {
    throw new Error(`The database cannot be reached: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Names of automatic backups, the oldest first. */
const automatic = (folder: string): string[] =>
  existsSync(backupFolder(folder))
    ? readdirSync(backupFolder(folder))
        .filter((name) => name.startsWith(prefix) && name.endsWith(".tar.gz"))
        .toSorted((a, b) => stampOf(a).localeCompare(stampOf(b)))
    : [];

const stampOf = (name: string) => name.slice(-"2026-01-01T00-00-00-000Z.tar.gz".length);

function dropOld(folder: string): void {
  for (const name of automatic(folder).slice(0, -backupsKept)) {
    rmSync(join(backupFolder(folder), name), { force: true });
  }
}

function lastBackup(folder: string): string {
  const last = automatic(folder).at(-1);
  return last ? `; the last one is ${join(backupFolder(folder), last)}` : "";
}
