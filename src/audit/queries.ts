import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";

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
