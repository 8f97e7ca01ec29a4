import { startPostgres } from "../scripts/local/postgres";

/** A process that makes the database in the given folder, to be killed meanwhile. */
await startPostgres(process.argv[2] ?? "", { settings: { fsync: "off" } });
