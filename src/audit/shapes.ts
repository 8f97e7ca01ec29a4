import type { AuditRow } from "./queries";
import type { AuditEntry } from "./schemas";

export const toAuditEntry = (row: AuditRow): AuditEntry => ({
  id: row.id,
  event: row.event,
  actor: { id: row.actorId, name: row.actor },
  ipAddress: row.ip,
  target: row.target,
  data: row.data,
  dateCreated: new Date(row.createdAt).toISOString(),
});
