import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueHours, issues, issueTags, issueTexts } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { deletedIssues } from "../../drizzle/schema/triage";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";

const e = alias(events, "e");
const h = alias(issueHours, "h");
const l = alias(issues, "l");
const p = alias(projects, "p");
const t = alias(issueTags, "t");
const y = alias(issueTexts, "y");

const live = (orgIds: number[]): SQL => sql`
  ${issues.projectId} in (select ${p.id} from ${projects} p where ${anyOf(p.orgId, orgIds)} and ${p.deletedAt} is null)`;

/**
 * The locks under which the digest decides which issue an event belongs to: what it stores belongs to an issue that is
 * there. Held until the commit. Served by the primary key of issues.
 */
export const lockProjectsOf = (tx: Db, orgIds: number[], ids: number[]): Statement =>
  tx.execute(sql`
    select pg_advisory_xact_lock(x.project_id) from (
      select distinct ${issues.projectId} as project_id from ${issues}
       where ${anyOf(issues.id, ids)} and ${anyOf(issues.orgId, orgIds)}
       order by 1) x`);

/** Notes in the log, for each of these rows, that a target of an organization is gone. */
type Note = (rows: SQL, orgId: SQL, target: SQL) => SQL;

/**
 * Deletes issues with all that hangs on them but what is partitioned, of which it leaves a note for removeDeletedIssues;
 * what was merged into them goes too. The entry of the log names one issue, or says how many. Answers with a row for each. Served by issues_merged_into and the
 * primary key of issues.
 */
export const deleteChosenIssues = (
  tx: Db,
  orgIds: number[],
  ids: number[],
  now: Date,
  shortId: string | undefined,
  noteOf: Note,
) =>
  tx.execute<{ orgId: string; projectId: string }>(sql`
    with chosen as materialized (
      select ${issues.id}, ${issues.projectId} as project_id from ${issues}
       where ${anyOf(issues.id, ids)} and ${anyOf(issues.orgId, orgIds)} and ${live(orgIds)}
       order by ${issues.id} for update
    ), kept as (
      insert into ${deletedIssues} (${columnNames(deletedIssues, "issueId", "projectId", "deletedAt")})
      select id, project_id, ${now.toISOString()}::timestamptz from chosen
      union
      select ${l.id}, ${l.projectId}, ${now.toISOString()}::timestamptz from ${issues} l where ${l.mergedInto} in (select id from chosen)
       order by 1
      on conflict do nothing
    ), gone as (
      delete from ${issues} where ${issues.id} in (select id from chosen)
      returning ${issues.orgId} as org_id, ${issues.projectId} as project_id
    ), noted as (${noteOf(
      sql`(select org_id, count(*) || ' issues' as many from gone group by org_id) r`,
      sql`r.org_id`,
      shortId === undefined ? sql`r.many` : sql`${shortId}::text`,
    )})
    select org_id as "orgId", project_id as "projectId" from gone`);

/** Issues that were deleted and left rows behind, the first ones first. Served by deleted_issues_deleted. */
export const selectDeletedIssues = (db: Db, limit: number) =>
  db
    .select({ id: deletedIssues.issueId })
    .from(deletedIssues)
    .orderBy(deletedIssues.deletedAt, deletedIssues.issueId)
    .limit(limit);

/**
 * A chunk of the events of issues that are gone, and all of their tags, hours and texts, which are bounded. Answers with how many
 * events went. Served by events_issue_received issue_texts_issue and the primary keys of events, issue_tags and issue_hours.
 */
export const removeRowsOfIssues = (db: Db, ids: number[], limit: number) =>
  db.execute<{ events: number }>(sql`
    with tags as (
      delete from ${issueTags} t where ${anyOf(t.issueId, ids)}
    ), hours as (
      delete from ${issueHours} h where ${anyOf(h.issueId, ids)}
    ), texts as (
      delete from ${issueTexts} y where ${anyOf(y.issueId, ids)}
    ), removed as (
      delete from ${events} where (${events.projectId}, ${events.eventId}, ${events.receivedAt}) in (
        select ${e.projectId}, ${e.eventId}, ${e.receivedAt} from ${events} e where ${anyOf(e.issueId, ids)} limit ${limit})
      returning 1
    )
    select count(*)::integer as events from removed`);

/** Nothing is left of these. Served by the primary key of deleted_issues. */
export const forgetDeletedIssues = (db: Db, ids: number[]): Statement =>
  db.delete(deletedIssues).where(anyOf(deletedIssues.issueId, ids));
