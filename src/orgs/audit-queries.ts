import { type SQL, sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";
import type { Actor } from "./audit";

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

export type AuditRow = {
  id: string;
  event: string;
  actorId: string | null;
  actor: string;
  ip: string | null;
  target: string;
  data: Record<string, unknown>;
  createdAt: string;
};

export type AuditFilter = {
  events: string[];
  actorId: number | undefined;
  from: Date | undefined;
  to: Date | undefined;
};

/** Newest first. Served by audit_log_org, or audit_log_org_event with one event. */
export function selectAudit(db: Db, orgId: number, filter: AuditFilter, { cursor, limit }: Range) {
  const backward = cursor?.backward ?? false;
  const all = [sql`org_id = ${orgId}`];
  if (filter.events.length > 0) all.push(sql`event in ${filter.events}`);
  if (filter.actorId !== undefined) all.push(sql`actor_id = ${filter.actorId}`);
  if (filter.from) all.push(sql`created_at >= ${filter.from.toISOString()}`);
  if (filter.to) all.push(sql`created_at <= ${filter.to.toISOString()}`);
  if (cursor) all.push(sql`id ${sql.raw(backward ? ">" : "<")} ${cursor.id}::bigint`);
  return db.execute<AuditRow>(sql`
    select id, event, actor_id as "actorId", actor, ip, target, data, created_at as "createdAt"
      from audit_log where ${sql.join(all, sql` and `)}
     order by id ${sql.raw(backward ? "asc" : "desc")} limit ${limit + 1}`);
}

/**
 * Entries from before a moment, a bounded number at a time, oldest first. Served by the primary key: ids grow with time,
 * so only the lowest are looked at.
 */
export const deleteOldAudit = (db: Db, cutoff: Date): Statement =>
  db.execute(sql`
    delete from audit_log where id in (
      select id from (select id, created_at from audit_log order by id limit 5000) oldest
       where created_at < ${cutoff.toISOString()})`);
