import type { AuditRow } from "./queries";
import type { AuditEntry } from "./schemas";

export const toAuditEntry = (row: AuditRow): AuditEntry => ({
  id: String(row.id),
  event: row.event,
  actor: { id: row.actorId === null ? null : String(row.actorId), name: row.actor },
  ipAddress: row.ip,
  target: row.target,
  data: row.data,
  dateCreated: row.createdAt.toISOString(),
});
