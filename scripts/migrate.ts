import { createInitialUser } from "./create-user";
import { migrateDatabase } from "./migrate-database";
import { reportReservedSlugs } from "./reserved-slugs";

/** `npm run migrate`: the newest schema, and the first user that the environment names. */

const url = process.env.DATABASE_URL;
if (!url) {
  console.error("Set DATABASE_URL to the database that is to be migrated.");
  process.exit(1);
}
try {
  await migrateDatabase(url);
  console.log("The database is up to date.");
  const made = await createInitialUser(url);
  await reportReservedSlugs(url, console.log);
  if (made) console.log(`The first user is ${made.email}. API token  ${made.token}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
