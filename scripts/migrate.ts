import { makeInitialUser } from "./make-user";
import { migrateDatabase } from "./migrate-database";
import { reportReservedSlugs } from "./reserved-slugs";
import { serverSetting } from "./server-setting";

/** `npm run migrate`: the newest schema, and the first user that the environment names. */

try {
  const url = serverSetting("DATABASE_URL");
  if (!url) throw new Error("Set DATABASE_URL to the database that is to be migrated.");
  await migrateDatabase(url);
  console.log("The database is up to date.");
  const made = await makeInitialUser(url);
  await reportReservedSlugs(url, console.log);
  if (made) console.log(`The first user is ${made.email}. API token  ${made.token}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
