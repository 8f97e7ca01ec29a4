import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BlobStore } from "../local/bucket/blob-store";
import { fileStore } from "../local/bucket/file-store";
import { s3SettingsOf } from "../local/bucket/s3-client";
import { s3Store } from "../local/bucket/s3-store";
import { secretFiles } from "../local/credentials";
import { holdFolder, readHolder } from "../local/hold";
import {
  databaseDirectory,
  durableObjectsName,
  objectsFolder,
  stateDirectory,
} from "../local/places";
import { startPostgres } from "../local/postgres";
import { isRunning } from "../local/processes";
import { serverSetting } from "../server-setting";

export type Home = {
  databaseUrl: string;
  store: BlobStore;
  /** Secrets that belong to the data, by name. None at the edge, which keeps them itself. */
  files: Record<string, string>;
  /** Folder of queues that nobody has open. */
  queues?: string;
  /** Folder of the databases of Durable Objects. */
  durableObjects?: string;
  /** Messages in queues of a server that runs; undefined when it does not say. */
  waiting?: number;
  isEdge: boolean;
  /** What it is, for people. */
  words: string;
  close(): Promise<void>;
};

export const queuesFolder = join(stateDirectory, "queues");
const durableObjects = join(stateDirectory, durableObjectsName);

/**
 * The database and the bucket that `npm start` uses, whether it runs or not, or those of the edge. `isWritten`: nobody
 * else may use this machine's meanwhile.
 */
export async function openHome(purpose: string, isWritten: boolean): Promise<Home> {
  const s3 = s3SettingsOf(process.env);
  const store = s3 ? s3Store(s3) : fileStore(objectsFolder);
  const bucket = s3 ? `the bucket ${s3.bucket} at ${s3.endpoint}` : objectsFolder;
  const given = serverSetting("DATABASE_URL");
  // A database and a bucket elsewhere are those of the edge; this machine's folder has nothing to do with it then.
  const common = { store, isEdge: Boolean(given && s3) };
  const wordsFor = (database: string) => `the database ${database} and ${bucket}`;
  if (given && s3) {
    const words = wordsFor(placeOf(given));
    return { ...common, databaseUrl: given, files: {}, words, close: async () => undefined };
  }
  if (!isWritten && !existsSync(stateDirectory)) {
    throw new Error(
      `There is nothing in ${stateDirectory} (BRINKWATCH_HOME names another folder).`,
    );
  }
  mkdirSync(stateDirectory, { recursive: true });
  const holder = readHolder(stateDirectory);
  if (holder && isRunning(holder) && !isWritten) {
    const databaseUrl = given ?? holder.databaseUrl;
    if (!databaseUrl) throw new Error("Brinkwatch is starting; try again when it is ready.");
    const waiting = holder.status && (await messagesWaiting(holder.status));
    return {
      ...common,
      databaseUrl,
      files: secretFiles(),
      durableObjects,
      ...(waiting !== undefined && { waiting }),
      words: wordsFor(`of the server that runs in ${stateDirectory}`),
      close: async () => undefined,
    };
  }
  const hold = await holdFolder(stateDirectory, purpose);
  try {
    const postgres = given ? undefined : await startPostgres(databaseDirectory());
    if (postgres) hold.note("database", postgres.pid, "SIGINT");
    return {
      ...common,
      databaseUrl: given ?? postgres?.url ?? "",
      files: secretFiles(),
      durableObjects,
      ...(existsSync(queuesFolder) && { queues: queuesFolder }),
      words: wordsFor(given ? placeOf(given) : `in ${stateDirectory}`),
      close: async () => {
        await postgres?.stop();
        hold.release();
      },
    };
  } catch (error) {
    hold.release();
    throw error;
  }
}

/** Without user and password. */
const placeOf = (databaseUrl: string) => {
  const { host, pathname } = new URL(databaseUrl);
  return host + pathname;
};

const statusPatienceMs = 5000;

async function messagesWaiting(status: {
  url: string;
  secret: string;
}): Promise<number | undefined> {
  try {
    const response = await fetch(status.url, {
      headers: { authorization: `Bearer ${status.secret}` },
      signal: AbortSignal.timeout(statusPatienceMs),
    });
    const { queues } = (await response.json()) as { queues: { backlogCount: number }[] };
    return queues.reduce((sum, { backlogCount }) => sum + backlogCount, 0);
  } catch {
    return undefined;
  }
}

/** Ends a command with words instead of a trace. */
export async function runCommand(work: () => Promise<void>): Promise<never> {
  try {
    await work();
    process.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
