import { seedDatabase } from "./seed-database";

/** `npm run seed`: what the first start makes, in a database of one's own. */

const { DATABASE_URL, PUBLIC_URL } = process.env;
if (!DATABASE_URL || !PUBLIC_URL) {
  console.error("Set DATABASE_URL to the database and PUBLIC_URL to the address of the worker.");
  process.exit(1);
}
try {
  const seed = await seedDatabase(DATABASE_URL, PUBLIC_URL.replace(/\/+$/, ""));
  if (!seed) console.log("This database has a user already; nothing was changed.");
  else {
    console.log(`Login      ${seed.email} / ${seed.password}`);
    console.log(`DSN        ${seed.dsn}`);
    console.log(`API token  ${seed.token}`);
    console.log("They are not shown again.");
  }
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
