import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { type changedFields, changeSlices, statusChanges } from "../../drizzle/schema/triage";
import { columnNames } from "../platform/column-names";

const c = alias(statusChanges, "c");
const s = alias(changeSlices, "s");

export type ChangedField = (typeof changedFields)[number];

/** Who changes issues, when, and by what it can be taken back; null: by nothing. */
export type ChangedBy = { userId: number | null; now: Date; undoId: string | null };

/** What issues had of a field, to be kept. */
export type Before = {
  field: ChangedField;
  /** What they are given, as JSON. */
  given: SQL;
  /** Of a row of `rows` its id and what it had, as JSON. */
  before: SQL;
  /** What follows a `select`; of it `id` and `org_id` are read. */
  rows: SQL;
};

/**
 * Two steps that keep what issues had in the statement that changes it, with a comma before them; nothing, where it
 * cannot be taken back.
 */
export const keptBefore = (
  { undoId, now }: Pick<ChangedBy, "undoId" | "now">,
  { field, given, before, rows }: Before,
): SQL =>
  undoId === null
    ? sql``
    : sql`
    , kept_change as (
      insert into ${statusChanges} (${columnNames(statusChanges, "id", "orgId", "changedAt", "issues")})
      select ${undoId}::uuid, min(org_id), ${now.toISOString()}::timestamptz, count(*) ${rows} having count(*) > 0
      on conflict (${columnNames(statusChanges, "id")}) do update
        set ${columnNames(statusChanges, "issues")} = ${statusChanges.issues} + excluded.issues
    ), kept_before as (
      insert into ${changeSlices} (${columnNames(changeSlices, "changeId", "field", "firstIssueId", "given", "before")})
      select ${undoId}::uuid, ${field}, min(id), ${given}, jsonb_agg(${before} order by id) ${rows} having count(*) > 0
    )`;

/** Which slice of a change is taken back, of whose organization. */
export type Slice = { orgId: number; changeId: string; field: ChangedField };

/**
 * The first steps of a statement that takes a slice back: `slice` is the next one of the field, held, and `gone` removes it.
 * Served by the primary keys of status_changes and change_slices.
 */
export const takenSlice = ({ orgId, changeId, field }: Slice): SQL => sql`
  slice as materialized (
    select ${s.firstIssueId} as first_issue_id, ${s.given}, ${s.before}, ${c.changedAt} as changed_at
      from ${statusChanges} c join ${changeSlices} s on ${s.changeId} = ${c.id}
     where ${c.id} = ${changeId}::uuid and ${c.orgId} = ${orgId} and ${s.field} = ${field}
     order by ${s.firstIssueId} limit 1 for update
  ), gone as (
    delete from ${changeSlices} using slice
     where ${changeSlices.changeId} = ${changeId}::uuid and ${changeSlices.field} = ${field}
       and ${changeSlices.firstIssueId} = slice.first_issue_id
  )`;

/** How many issues a slice had, and what became of those of `restored`, which has an `id` and a `project_id`; nothing, where none is left. */
export const takenBack = (restored: SQL): SQL => sql`
  select (select count(*)::integer from ${restored}) as restored, jsonb_array_length(slice.before) as issues,
         (select coalesce(json_agg(distinct project_id::text), '[]'::json) from ${restored}) as "projectIds"
    from slice`;
