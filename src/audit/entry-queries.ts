import { type SQL, sql } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/audit";
import type { Actor } from "../access/caller";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";

export const insertAudit = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: string,
  target: string,
  data: Record<string, unknown>,
): Statement => tx.insert(auditLog).values({ orgId, event, target, data, ...whoOf(actor) });

const whoOf = ({ userId, name, ip }: Actor) => ({ actorId: userId, actor: name, ip });

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
): SQL =>
  insertSelect(auditLog, { orgId, event, target, data, ...whoOf(actor) }, sql`from ${rows}`);

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
    returning ${auditLog.id}`);
