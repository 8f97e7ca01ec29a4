import { and, eq, gte, inArray, lt, lte } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/audit";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

export type AuditRow = typeof auditLog.$inferSelect;

export type AuditFilter = {
  events: string[];
  actorId: number | undefined;
  from: Date | undefined;
  to: Date | undefined;
};

/** Newest first. Served by audit_log_org, or audit_log_org_event with one event. */
export function selectAudit(
  db: Db,
  orgId: number,
  { events, actorId, from, to }: AuditFilter,
  range: Range,
) {
  const { condition, order, limit } = keyset(undefined, auditLog.id, range, "descending");
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.orgId, orgId),
        events.length > 0 ? inArray(auditLog.event, events) : undefined,
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        from && gte(auditLog.createdAt, from),
        to && lte(auditLog.createdAt, to),
        condition,
      ),
    )
    .orderBy(order)
    .limit(limit);
}

const forgottenAtOnceMax = 5000;

/**
 * Entries from before a moment, a bounded number at a time, oldest first. Served by the primary key: ids grow with time,
 * so only the lowest are looked at.
 */
export function deleteOldAudit(db: Db, cutoff: Date): Statement {
  const oldest = db
    .select({ id: auditLog.id, createdAt: auditLog.createdAt })
    .from(auditLog)
    .orderBy(auditLog.id)
    .limit(forgottenAtOnceMax)
    .as("oldest");
  const old = db.select({ id: oldest.id }).from(oldest).where(lt(oldest.createdAt, cutoff));
  return db.delete(auditLog).where(inArray(auditLog.id, old));
}
