import { and, eq, gt, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { changeSlices, statusChangeSlices, statusChanges } from "../../drizzle/schema/triage";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { type Happening, happeningsOf } from "./activity-queries";
import type { ChangedField } from "./change-slice-queries";
import { isAsWanted, stateBack, stateKept, stateSet } from "./state-queries";
import type { WantedCells } from "./status-details";
import type { TakingBack } from "./take-back-queries";

const c = alias(statusChanges, "c");
const p = alias(projects, "p");
const s = alias(statusChangeSlices, "s");

/** A status to be set with what ends it, by whom, by what it can be taken back, and what is written down of it. */
export type StatusChange = {
  id: string;
  cells: WantedCells;
  happening: Pick<Happening, "kind" | "data">;
  userId: number | null;
  now: Date;
};

/**
 * Sets the status of chosen issues that do not have it so, locking them in the order in which the digest does, and keeps
 * what they were. Answers with a row for each. Served by the primary keys of issues, issue_states and issue_tags.
 */
export const changeStatus = (
  db: Db,
  orgIds: number[],
  ids: number[],
  { id, cells, happening, userId, now }: StatusChange,
) =>
  db.execute<{ id: string; orgId: string; projectId: string }>(sql`
    with chosen as materialized (
      select ${issues.id}, ${issues.orgId} as org_id, ${issues.projectId} as project_id, ${issues.status},
             ${issues.eventCount} as event_count, ${stateKept(issues)} as state
        from ${issues}
       where ${anyOf(issues.id, ids)} and ${anyOf(issues.orgId, orgIds)} and not ${isAsWanted(issues, cells)}
         and ${issues.projectId} in (
           select ${p.id} from ${projects} p where ${anyOf(p.orgId, orgIds)} and ${p.deletedAt} is null)
       order by ${issues.id} for update
    ), changed as (
      update ${issues} set ${columnNames(issues, "status")} = ${cells.status}, ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()}
       where ${issues.id} in (select id from chosen)
    ), stated as (
      ${stateSet(cells, { userId, now }, sql`from chosen order by id`)}
    ), kept as (
      insert into ${statusChanges} (${columnNames(statusChanges, "id", "orgId", "status", "changedAt", "issues")})
      select ${id}::uuid, min(org_id), ${cells.status}, ${now.toISOString()}::timestamptz, count(*) from chosen having count(*) > 0
      on conflict (${columnNames(statusChanges, "id")}) do update
        set ${columnNames(statusChanges, "status")} = excluded.status, ${columnNames(statusChanges, "issues")} = ${statusChanges.issues} + excluded.issues
    ), sliced as (
      insert into ${statusChangeSlices} (${columnNames(statusChangeSlices, "changeId", "firstIssueId", "previous", "issueIds", "states")})
      select ${id}::uuid, min(id), status, array_agg(id order by id), jsonb_agg(state) filter (where state is not null)
        from chosen group by status
    ), happened as (
      ${happeningsOf({ ...happening, userId, now }, sql`id`, sql`from chosen order by id`)}
    )
    select id, org_id as "orgId", project_id as "projectId" from chosen`);

/**
 * Of an organization the newest changes stay that are of so many issues together, and the newest one in any case. Served
 * by status_changes_org_changed.
 */
export const forgetBeyond = (
  db: Db,
  orgIds: number[],
  { changesMax, issuesMax }: { changesMax: number; issuesMax: number },
): Statement =>
  db.execute(sql`
    delete from ${statusChanges} where ${statusChanges.id} in (
      select id from (
        select ${c.id}, row_number() over w as n, sum(${c.issues}) over w as issues from ${statusChanges} c
         where ${anyOf(c.orgId, orgIds)} window w as (partition by ${c.orgId} order by ${c.changedAt} desc, ${c.id} desc)) x
       where n > ${changesMax} or (n > 1 and issues > ${issuesMax}))`);

/** A change, and of what else than a status it was. Served by the primary keys of status_changes and change_slices. */
export const selectStatusChange = (db: Db, orgId: number, id: string, after: Date) =>
  db
    .select({
      status: statusChanges.status,
      fields: sql<ChangedField[]>`array(
        select distinct ${changeSlices.field} from ${changeSlices} where ${changeSlices.changeId} = ${id}::uuid)`,
    })
    .from(statusChanges)
    .where(
      and(
        eq(statusChanges.orgId, orgId),
        eq(statusChanges.id, id),
        gt(statusChanges.changedAt, after),
      ),
    );

/**
 * Gives the issues of one slice what they had, with its details, those whose status is still the one of the change, and forgets the slice. Answers with how many there were, and nothing when no slice is left. Served by the
 * primary keys of status_change_slices, status_changes, issues and issue_states.
 */
export const takeBackSlice = (db: Db, { orgId, changeId: id, userId, now }: TakingBack) =>
  db.execute<{ restored: number; issues: number; projectIds: string[] }>(sql`
    with slice as materialized (
      select ${s.firstIssueId} as first_issue_id, ${s.previous}, ${s.issueIds} as issue_ids, ${s.states}, ${c.status}, ${c.changedAt} as changed_at
        from ${statusChanges} c join ${statusChangeSlices} s on ${s.changeId} = ${c.id}
       where ${c.id} = ${id}::uuid and ${c.orgId} = ${orgId}
       order by ${s.firstIssueId} limit 1 for update
    ), chosen as materialized (
      select ${issues.id}, ${issues.projectId} as project_id, slice.previous from slice join ${issues} on ${issues.id} = any(slice.issue_ids)
       where ${issues.orgId} = ${orgId} and ${issues.status} = slice.status and ${issues.statusChangedAt} = slice.changed_at
         and ${issues.projectId} in (
           select ${p.id} from ${projects} p where ${p.orgId} = ${orgId} and ${p.deletedAt} is null)
       order by ${issues.id} for update of ${issues}
    ), restored as (
      update ${issues} set ${columnNames(issues, "status")} = chosen.previous, ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()}
        from chosen where ${issues.id} = chosen.id
    ), restated as (
      ${stateBack(sql`slice.states`, sql`slice`, now)}
    ), forgotten as (
      delete from ${statusChangeSlices} using slice
       where ${statusChangeSlices.changeId} = ${id}::uuid and ${statusChangeSlices.firstIssueId} = slice.first_issue_id
    ), happened as (
      ${happeningsOf(
        { kind: sql`'set_' || previous`, userId, data: { undo: true }, now },
        sql`id`,
        sql`from chosen order by id`,
      )}
    )
    select (select count(*)::integer from chosen) as restored, cardinality(issue_ids) as issues,
           (select coalesce(json_agg(distinct project_id::text), '[]'::json) from chosen) as "projectIds"
      from slice`);

/** Served by the primary key of status_changes. */
export const forgetStatusChange = (db: Db, orgId: number, id: string): Statement =>
  db.delete(statusChanges).where(and(eq(statusChanges.orgId, orgId), eq(statusChanges.id, id)));

/** Served by status_changes_changed. */
export const deleteOldStatusChanges = (db: Db, before: Date): Statement =>
  db.delete(statusChanges).where(lt(statusChanges.changedAt, before));
