import { existsSync } from "node:fs";
import { join } from "node:path";
import { operatorScope, scopes } from "../../src/access/schemas";
import { dsnsOf, parseDsn } from "../../src/protocol/dsn";
import { reportReservedSlugs } from "../reserved-slugs";
import { renewToken, type Seed, seedDatabase } from "../seed-database";
import { bucketSettings, openBucket } from "./bucket/open-bucket";
import { takeOverSimulator } from "./bucket/take-over-simulator";
import { readCredentials, secretFiles, writeCredentials } from "./credentials";
import { stateDirectory } from "./places";
import { prepareDatabase } from "./upgrade";
import { readWranglerConfig } from "./wrangler-config";

/**
 * What a start does once: a process of its own, since it needs much of the product that the launcher does not. Loads
 * while the database starts.
 */

export type ToPrepare = { databaseUrl: string; publicUrl: string };
/** `isFirst`: they were made just now. */
export type Prepared = { seed: Seed; isFirst: boolean };
export type FromPrepare = { prepared: Prepared | null } | { failed: string };

process.once("message", (order: ToPrepare) => {
  prepare(order).then(
    (prepared) => answer({ prepared: prepared ?? null }),
    (error: Error) => answer({ failed: error.message }),
  );
});
process.once("disconnect", () => process.exit(0));

const answer = (message: FromPrepare) =>
  process.send?.(message, undefined, undefined, () => process.exit(0));

/** The newest schema, and the first user with what they need; what is known of them is returned. */
async function prepare({ databaseUrl, publicUrl }: ToPrepare): Promise<Prepared | undefined> {
  await prepareDatabase({
    databaseUrl,
    folder: stateDirectory,
    files: secretFiles(),
    log: console.error,
  });
  await reportReservedSlugs(databaseUrl, console.error);
  await takeOverBucket();
  // On one's own machine the first token operates the installation too: `npm run dead-letters` uses it.
  const made = await seedDatabase(databaseUrl, publicUrl, [operatorScope]);
  if (made) {
    writeCredentials(made);
    return { seed: made, isFirst: true };
  }
  const known = readCredentials();
  const target = parseDsn(known?.dsn);
  if (!known || !target) return undefined;
  if (!(await renewToken(databaseUrl, known.token, [...scopes, operatorScope]))) return undefined;
  // This start may be at another address than the first.
  const here = { ...known, dsn: dsnsOf(publicUrl, target.publicKey, target.projectId).public };
  writeCredentials(here);
  return { seed: here, isFirst: false };
}

/** Objects of a start that ran on the simulator. */
async function takeOverBucket(): Promise<void> {
  const folder = join(stateDirectory, "r2");
  const [bucket] = readWranglerConfig().r2_buckets;
  if (!bucket || !existsSync(folder)) return;
  const { store, close } = await openBucket(bucketSettings(), console.error);
  await takeOverSimulator(folder, bucket.bucket_name, store, console.log);
  await close();
}
