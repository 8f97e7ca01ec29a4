import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { auditLog } from "../../drizzle/schema/audit";
import type { Actor } from "../access/caller";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { lookUp } from "../protocol/dictionary";

export const insertAudit = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: string,
  target: string,
  data: Record<string, unknown>,
): Statement => tx.insert(auditLog).values({ orgId, event, target, data, ...whoOf(actor) });

/** What fields of a row are called in entries, where they stand, and which row it is: `from … where …`. */
export type AuditedRow = { fields: { readonly [name: string]: SQLWrapper }; from: SQL };
/** What is undefined stays. Never give it a field that is a secret. */
export type Changes = { readonly [field: string]: unknown };

/**
 * An entry of a change of fields: those that get another value, as they are and as they are to be. Committed before the
 * change, under the lock that every writer of the organization takes (commitUnder): the row is the one that is changed,
 * and not the one that somebody read earlier.
 */
export const insertAuditOfChange = (
  tx: Db,
  orgId: number,
  actor: Actor,
  event: string,
  target: string,
  row: AuditedRow,
  changes: Changes,
  data: Record<string, unknown>,
): Statement =>
  tx.execute(
    insertSelect(
      auditLog,
      { orgId, event, target, data: dataOf(data, changes), ...whoOf(actor) },
      sql`from ${fieldsOf(row, changes)} was`,
    ),
  );

function fieldsOf({ fields, from }: AuditedRow, changes: Changes): SQL {
  const members = Object.entries(changes).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const field = lookUp(fields, name);
    if (!field) throw new Error(`there is no field ${name}`);
    return [sql`${name}::text, ${field}`];
  });
  return sql`(select jsonb_build_object(${sql.join(members, sql`, `)}) as fields ${from})`;
}

const dataOf = (data: Record<string, unknown>, changes: Changes) => sql`
  ${JSON.stringify(data)}::jsonb || (
    select jsonb_build_object('before', coalesce(jsonb_object_agg(key, was.fields -> key), '{}'),
                              'after', coalesce(jsonb_object_agg(key, value), '{}'))
      from jsonb_each(${JSON.stringify(changes)}::jsonb)
     where value is distinct from was.fields -> key)`;

const whoOf = ({ userId, name, ip }: Actor) => ({ actorId: userId, actor: name, ip });

export type AuditNote = {
  actor: Actor;
  event: string;
  target: string;
  /** What is to change of which row, as it is before the statement. */
  changes?: { row: AuditedRow; changes: Changes };
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
  { actor, event, target, changes }: AuditNote,
) => {
  const data = changes ? dataOf({}, changes.changes) : {};
  const was = changes ? sql`, ${fieldsOf(changes.row, changes.changes)} was` : sql``;
  const entry = { orgId, event, target, data, ...whoOf(actor) };
  return tx.execute<{ id: string }>(sql`
    with changed as (${change})
    ${insertSelect(auditLog, entry, sql`from changed${was} limit 1`)}
    returning ${auditLog.id}`);
};
