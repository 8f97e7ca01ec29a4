import type { SQL } from "drizzle-orm";
import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit, type Db, type Statement } from "../platform/database";
import { type AuditEvent } from "../protocol/audit-events";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { dayMs } from "../protocol/durations";
import {
  type AuditedRow,
  type Changes,
  insertAudit,
  insertAuditOfChange,
  insertAuditOfEach,
} from "./entry-queries";
import { type AuditFilter, type AuditRow, deleteOldAudit, selectAudit } from "./queries";

/** Un-awaited on purpose: it is committed together with what it tells about. Never put a secret into `data`. */
export const auditStatement = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: AuditEvent,
  target: string,
  data: Record<string, unknown> = {},
): Statement => insertAudit(tx, orgId, actor, event, target, data);

/** Likewise, of a change of fields: what they are before it and after it. It goes before the change. */
export const auditOfChange = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: AuditEvent,
  target: string,
  {
    row,
    changes,
    data = {},
  }: { row: AuditedRow; changes: Changes; data?: Record<string, unknown> },
): Statement => insertAuditOfChange(tx, orgId, actor, event, target, row, changes, data);

/** The same inside a statement, for each of these rows, of which the target is a column. */
export const auditOfEach = (
  rows: SQL,
  orgId: number | SQL,
  actor: Actor,
  event: AuditEvent,
  target: SQL,
  data: Record<string, unknown> = {},
): SQL => insertAuditOfEach(rows, orgId, actor, event, target, data);

/** Entries of an organization, newest first. Faults: unprocessable, when the time ends before it begins. */
export async function listAudit(
  deps: Deps,
  orgId: number,
  filter: AuditFilter,
  range: Range,
): Promise<Page<AuditRow>> {
  const { from, to } = filter;
  if (from && to && from > to) throw new Fault("unprocessable", "start is after end");
  return toPage(await selectAudit(deps.db, orgId, filter, range), range);
}

/** Removes entries that are older than they are kept. */
export async function forgetOldAudit(deps: Deps): Promise<void> {
  const { auditLogDays } = deps.config;
  if (auditLogDays === 0) return;
  await commit(deps.db, [deleteOldAudit(deps.db, new Date(+deps.now() - auditLogDays * dayMs))]);
}
