import { sql } from "drizzle-orm";
import type { Db } from "../platform/database";

/** Whether the database answers at all; reads no table. */
export const selectNothing = (db: Db) => db.execute(sql`select 1`);
