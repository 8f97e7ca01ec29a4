import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueHashes, issues } from "../../drizzle/schema/issues";
import { issueJobs, regroupedHashes } from "../../drizzle/schema/jobs";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import type { EventRow } from "./event-queries";
import { heldJob, type Step } from "./job-queries";

const e = alias(events, "e");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");

const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::json`;

/** When issues were seen, by their own events; what is not kept any more counts for the first time. Under the project's lock. Served by events_issue_received and the primary key of issues. */
export const seeAnew = (tx: Db, issueIds: number[], keptSince: string): Statement =>
  tx.execute(sql`
    update ${issues} i
       set ${columnNames(issues, "lastSeenAt")} = coalesce(own.newest, ${i.lastSeenAt}, ${i.firstSeenAt}),
           ${columnNames(issues, "firstSeenAt")} = case when ${i.firstSeenAt} < ${keptSince}::timestamptz then ${i.firstSeenAt} else coalesce(own.oldest, ${i.firstSeenAt}) end
      from (
        select x.id, (select max(${e.receivedAt}) from ${events} e where ${e.issueId} = x.id) as newest,
               (select min(${e.receivedAt}) from ${events} e where ${e.issueId} = x.id) as oldest
          from unnest(${`{${issueIds.join(",")}}`}::bigint[]) x(id)) own
     where ${i.id} = own.id`);

/** The newest event of each of some issues, in the order of these. Served by events_issue_received. */
export const selectNewestOf = (db: Db, issueIds: number[]) =>
  db.execute<EventRow>(sql`
    select n.* from unnest(${`{${issueIds.join(",")}}`}::bigint[]) x(id) cross join lateral (
      select ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
             to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
             ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length"
        from ${events} e where ${e.issueId} = x.id order by ${e.receivedAt} desc limit 1) n
     order by x.id`);

/** Of some issues those that have no event any more. Served by the primary key of issues. */
export const selectEmpty = (db: Db, issueIds: number[]) =>
  db.execute<{ id: string }>(sql`
    select ${i.id} from ${issues} i where ${anyOf(i.id, issueIds)} and ${i.mergedInto} is null and ${i.eventCount} = 0
       and not exists (select 1 from ${events} e where ${e.issueId} = ${i.id})`);

export type Hidden = { from: number; into: number };

/**
 * Issues without events lead to the one that got most of them, and so does what led to them; that is kept for an undo.
 * Under the project's lock. Served by the primary key of issues, issues_merged_into and issue_hashes_issue.
 */
export const hideEmpty = (tx: Db, jobId: string, projectId: number, hidden: Hidden[]): Statement =>
  tx.execute(sql`
    with given as materialized (
      select x."from" as from_id, x."into" as into_id from json_to_recordset(${json(hidden)}) as x("from" bigint, "into" bigint)
       where not exists (select 1 from ${events} e where ${e.issueId} = x."from")
    ), noted as (
      insert into ${regroupedHashes} (${columnNames(regroupedHashes, "jobId", "hash", "issueId", "beforeId", "beforeFormerId", "wasRegrouped")})
      select ${jobId}::uuid, ${h.hash}, x.into_id, ${h.issueId}, ${h.formerIssueId}, ${h.isRegrouped}
        from given x join ${issueHashes} h on ${h.issueId} = x.from_id and ${h.projectId} = ${projectId}
      on conflict do nothing
    ), led as (
      update ${issueHashes}
         set ${columnNames(issueHashes, "issueId")} = x.into_id, ${columnNames(issueHashes, "formerIssueId")} = coalesce(${issueHashes.formerIssueId}, x.from_id),
             ${columnNames(issueHashes, "isRegrouped")} = true
        from given x where ${issueHashes.issueId} = x.from_id and ${issueHashes.projectId} = ${projectId}
    )
    update ${issues} i set ${columnNames(issues, "mergedInto")} = x.into_id from given x where ${i.id} = x.from_id or ${i.mergedInto} = x.from_id`);

/** The job is where it was read, else SQLSTATE 40001; it is at its end now, and knows what it hid. Served by the primary key of issue_jobs. */
export const endRegroup = (tx: Db, step: Step, hidden: Hidden[], now: Date): Statement =>
  tx.execute(sql`
    with ${heldJob(step)}, ended as (
      update ${issueJobs}
         set ${columnNames(issueJobs, "state")} = 'done', ${columnNames(issueJobs, "error")} = null, ${columnNames(issueJobs, "finishedAt")} = ${now.toISOString()}::timestamptz,
             ${columnNames(issueJobs, "at")} = ${JSON.stringify({ phase: "end", hidden: hidden.map(({ from }) => from) })}::jsonb
       where ${issueJobs.id} = ${step.id}::uuid and exists (select 1 from job)
      returning 1
    )
    select assert_no_rows(1 - count(*)) from ended`);
