import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issueHashes, issues } from "../../drizzle/schema/issues";
import { regroupedEvents } from "../../drizzle/schema/jobs";
import { projects } from "../../drizzle/schema/projects";
import { deletedIssues } from "../../drizzle/schema/triage";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import type { EventRow } from "./event-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const g = alias(deletedIssues, "g");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const m = alias(issueHashes, "m");
const p = alias(projects, "p");
const r = alias(regroupedEvents, "r");

export type EdgeOfEvents = { receivedAt: string; eventId: string };
export type EventToRegroup = EventRow & { hash: string | null };

export type ToRegroup = {
  limit: number;
  since?: string | undefined;
  /** Those before this one, in the order of the newest first. */
  before?: EdgeOfEvents | undefined;
  /** Those that a job has not looked at yet. */
  unseenBy?: string | undefined;
};

/**
 * The newest events of a project, but for those of deleted issues and of the one of all that was too much for an hour,
 * which are not there by what they are. Served by events_project_received and the primary keys of issue_hashes,
 * deleted_issues and regrouped_events.
 */
export const selectEventsToRegroup = (
  db: Db,
  projectId: number,
  overflowHash: string,
  { limit, since, before, unseenBy }: ToRegroup,
) =>
  db.execute<EventToRegroup>(sql`
    select ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
           to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
           ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length", ${e.hash}
      from ${events} e
     where ${e.projectId} = ${projectId}
       ${since ? sql`and ${e.receivedAt} >= ${since}::timestamptz` : sql``}
       ${before ? sql`and (${e.receivedAt}, ${e.eventId}) < (${before.receivedAt}::timestamptz, ${before.eventId}::uuid)` : sql``}
       and ${e.issueId} is distinct from (
         select ${h.issueId} from ${issueHashes} h where ${h.projectId} = ${projectId} and ${h.hash} = ${overflowHash})
       and not exists (select 1 from ${deletedIssues} g where ${g.issueId} = ${e.issueId})
       ${
         unseenBy
           ? sql`and not exists (
         select 1 from ${regroupedEvents} r
          where ${r.jobId} = ${unseenBy}::uuid and ${r.receivedAt} = ${e.receivedAt} and ${r.eventId} = ${e.eventId})`
           : sql``
       }
     order by ${e.receivedAt} desc, ${e.eventId} desc limit ${limit}`);

/** Hashes of those of some issues into which people merged others, and none that rules led there. Served by issue_hashes_issue. */
export const selectMergedHashes = (db: Db, projectId: number, issueIds: number[]) =>
  db.execute<{ hash: string; issueId: string }>(sql`
    select ${h.hash}, ${h.issueId} as "issueId" from ${issueHashes} h
     where ${h.projectId} = ${projectId} and ${anyOf(h.issueId, issueIds)} and ${h.isRegrouped} is not true and exists (
       select 1 from ${issueHashes} m
        where ${m.issueId} = ${h.issueId} and ${m.formerIssueId} is not null and ${m.isRegrouped} is not true)
     order by ${h.issueId}, ${h.hash}`);

export type NamedIssue = { id: string; shortNumber: number; projectSlug: string; title: string };

/** What issues are called. Served by the primary keys of issues, issue_details and projects. */
export const selectNames = (db: Db, projectId: number, issueIds: number[]) =>
  db.execute<NamedIssue>(sql`
    select ${i.id}, ${i.shortNumber} as "shortNumber", ${p.slug} as "projectSlug", ${d.title} from ${issues} i
      join ${issueDetails} d on ${d.issueId} = ${i.id} join ${projects} p on ${p.id} = ${i.projectId}
     where ${anyOf(i.id, issueIds)} and ${i.projectId} = ${projectId}`);
