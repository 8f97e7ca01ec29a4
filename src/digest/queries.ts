import { sql } from "drizzle-orm";
import type { Db, Statement, Turn } from "../platform/database";

/**
 * Ascending ids, so that two batches never wait for each other. Held until the commit. Who may not wait with a
 * connection gets all locks at once, or SQLSTATE FL001 (isBusy).
 */
export function lockProjects(tx: Db, ids: number[], turn: Turn): Statement {
  const ascending = `{${ids.toSorted((a, b) => a - b).join(",")}}`;
  if (turn === "try") return tx.execute(sql`select try_lock_projects(${ascending}::bigint[])`);
  return tx.execute(sql`
    select pg_advisory_xact_lock(id)
      from unnest(${ascending}::bigint[]) with ordinality as x(id, n) order by n`);
}
