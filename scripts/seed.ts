import { seedDatabase } from "./seed-database";
import { serverSetting } from "./server-setting";

/** `npm run seed`: what the first start makes, in a database of one's own. */

try {
  const databaseUrl = serverSetting("DATABASE_URL");
  const { PUBLIC_URL } = process.env;
  if (!databaseUrl || !PUBLIC_URL) {
    throw new Error(
      "Set DATABASE_URL to the database and PUBLIC_URL to the address of the worker.",
    );
  }
  const seed = await seedDatabase(databaseUrl, PUBLIC_URL.replace(/\/+$/, ""));
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
