import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "../access/caller";
import type { Db, Statement } from "../platform/database";

export const insertAudit = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: string,
  target: string,
  data: Record<string, unknown>,
): Statement =>
  tx.execute(sql`
    insert into audit_log (org_id, event, actor_id, actor, ip, target, data)
    values (${orgId}, ${event}, ${actor.userId}, ${actor.name}, ${actor.ip}, ${target}, ${JSON.stringify(data)}::jsonb)`);

export type AuditNote = {
  actor: Actor;
  event: string;
  target: string;
  data?: Record<string, unknown>;
};

/** The same for each of these rows; its organization and target may be columns of theirs. */
export const insertAuditOfEach = (
  rows: SQL,
  orgId: number | SQL,
  actor: Actor,
  event: string,
  target: string | SQL,
  data: Record<string, unknown>,
): SQL => sql`
    insert into audit_log (org_id, event, actor_id, actor, ip, target, data)
    select ${orgId}, ${event}, ${actor.userId}::bigint, ${actor.name}, ${actor.ip}, ${target},
           ${JSON.stringify(data)}::jsonb
      from ${rows}`;

/** A change that may find nothing to do: it is noted only if it returned a row, and answers with a row only then. */
export const noted = (
  tx: Db,
  orgId: number,
  change: SQL,
  { actor, event, target, data }: AuditNote,
) =>
  tx.execute<{ id: string }>(sql`
    with changed as (${change})
    ${insertAuditOfEach(sql`changed limit 1`, orgId, actor, event, target, data ?? {})}
    returning id`);
