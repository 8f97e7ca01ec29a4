import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueActivities } from "../../drizzle/schema/activity";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issueHashes, issueSequences, issues } from "../../drizzle/schema/issues";
import { issueJobs, regroupedEvents, regroupedHashes } from "../../drizzle/schema/jobs";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import type { EventRow } from "./event-queries";
import { advanced, heldJob, type Step } from "./job-queries";
import type { EdgeOfEvents } from "./regroup-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const g = alias(regroupedHashes, "g");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const j = alias(issueJobs, "j");
const r = alias(regroupedEvents, "r");

const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::json`;

/** A job of a project that groups anew and is not at its end. Served by issue_jobs_running. */
export const selectRegroupOf = (db: Db, orgId: number, projectId: number) =>
  db.execute<{ id: string }>(sql`
    select ${j.id} from ${issueJobs} j
     where ${j.state} = 'running' and ${j.orgId} = ${orgId} and ${j.kind} in ('regroup', 'regroup_undo')
       and (${j.task} ->> 'projectId')::bigint = ${projectId} limit 1`);

/** The newest of a project that was done and can be undone. Served by issue_jobs_org_created. */
export const selectUndoable = (db: Db, orgId: number, projectId: number, since: Date) =>
  db.execute<{ id: string; issueIds: string[]; at: unknown }>(sql`
    select ${j.id}, ${j.issueIds} as "issueIds", ${j.at} from ${issueJobs} j
     where ${j.orgId} = ${orgId} and ${j.createdAt} >= ${since.toISOString()}::timestamptz and ${j.kind} = 'regroup' and ${j.state} = 'done'
       and (${j.task} ->> 'projectId')::bigint = ${projectId}
       and exists (select 1 from ${regroupedHashes} g where ${g.jobId} = ${j.id})
     order by ${j.createdAt} desc limit 1`);

/** What earlier ones of the project remember cannot be put back any more. Served by issue_jobs_org_created and the primary keys. */
export const forgetFormerRegroups = (tx: Db, orgId: number, projectId: number): Statement =>
  tx.execute(sql`
    with former as materialized (
      select ${j.id} from ${issueJobs} j
       where ${j.orgId} = ${orgId} and ${j.kind} = 'regroup' and ${j.state} <> 'running' and (${j.task} ->> 'projectId')::bigint = ${projectId}
    ), hashes_gone as (delete from ${regroupedHashes} where ${regroupedHashes.jobId} in (select id from former))
    delete from ${regroupedEvents} where ${regroupedEvents.jobId} in (select id from former)`);

/** No other job groups this project anew, else SQLSTATE 40001. Under its lock. Served by issue_jobs_running. */
export const assertNoRegroupOf = (tx: Db, orgId: number, projectId: number): Statement =>
  tx.execute(sql`
    select assert_no_rows(count(*)) from ${issueJobs} j
     where ${j.state} = 'running' and ${j.orgId} = ${orgId} and ${j.kind} in ('regroup', 'regroup_undo')
       and (${j.task} ->> 'projectId')::bigint = ${projectId}`);

/** The lock under which the digest decides which issue an event of a project belongs to. */
export const lockGrouping = (tx: Db, projectId: number): Statement =>
  tx.execute(sql`select pg_advisory_xact_lock(${projectId}::bigint)`);

export type LookedAt = {
  eventId: string;
  receivedAt: string;
  issueId: string;
  hash: string | null;
  hashes: string[];
};

/** Keeps what a chunk of events is found by now. Served by the primary key of regrouped_events. */
export const noteLooked = (
  tx: Db,
  of: { step: Step; next: object; rows: LookedAt[]; looked: number; now: Date },
): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, noted as (
      insert into ${regroupedEvents} (${columnNames(regroupedEvents, "jobId", "receivedAt", "eventId", "issueId", "hash", "hashes")})
      select ${of.step.id}::uuid, x."receivedAt", x."eventId", x."issueId", x.hash, x.hashes
        from json_to_recordset(${json(of.rows)}) as x("eventId" uuid, "receivedAt" timestamptz, "issueId" bigint, hash bigint, hashes text[])
       where exists (select 1 from job)
      on conflict do nothing
    ) ${advanced(of.step, sql`${of.looked}::integer`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Events of an issue that have the same hashes, in the order in which such were first seen. Served by the primary keys of regrouped_events and issues. */
export const selectCombinations = (db: Db, jobId: string, limit: number) =>
  db.execute<{ hashes: string[]; issueId: string; count: number }>(sql`
    select ${r.hashes}, coalesce(${i.mergedInto}, ${i.id}) as "issueId", count(*)::integer as count
      from ${regroupedEvents} r join ${issues} i on ${i.id} = ${r.issueId}
     where ${r.jobId} = ${jobId}::uuid
     group by 1, 2 order by min(${r.receivedAt}), min(${r.eventId}::text) limit ${limit}`);

/** Ids of issues to be. */
export const takeIds = (db: Db, count: number) =>
  db.execute<{ id: string }>(sql`
    select nextval(pg_get_serial_sequence('issues', 'id')) as id from generate_series(1, ${count}::integer)`);

/** The job is where it was read, else SQLSTATE 40001; it is held, and goes on with these issues. Served by the primary key of issue_jobs. */
export const goOn = (
  tx: Db,
  of: { step: Step; next: object; issueIds: number[]; total: number },
): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, moved as (
      update ${issueJobs}
         set ${columnNames(issueJobs, "at")} = ${JSON.stringify(of.next)}::jsonb, ${columnNames(issueJobs, "total")} = ${of.total}, ${columnNames(issueJobs, "done")} = 0,
             ${columnNames(issueJobs, "issueIds")} = ${`{${of.issueIds.join(",")}}`}::bigint[]
       where ${issueJobs.id} = ${of.step.id}::uuid and exists (select 1 from job)
      returning 1
    )
    select assert_no_rows(1 - count(*)) from moved`);

/** A step that has nothing to do. Served by the primary key of issue_jobs. */
export const passOn = (tx: Db, step: Step, next: object, now: Date): Statement =>
  tx.execute(sql`
    with ${heldJob(step)} ${advanced(step, sql`0`, sql`${JSON.stringify(next)}::jsonb`, now)}`);

/** Gives a job up, with words for people. Served by the primary key of issue_jobs. */
export const giveUp = (tx: Db, id: string, words: string, now: Date): Statement =>
  tx.execute(sql`
    update ${issueJobs}
       set ${columnNames(issueJobs, "state")} = 'failed', ${columnNames(issueJobs, "error")} = ${words}, ${columnNames(issueJobs, "finishedAt")} = ${now.toISOString()}::timestamptz
     where ${issueJobs.id} = ${id}::uuid and ${issueJobs.state} = 'running'`);

export type NewIssue = { id: number; sourceId: number };

/** Issues for groups that no issue is for yet, called as the one that their events come from until these say otherwise. Served by the primary keys of issues and issue_sequences. */
export const makeIssues = (tx: Db, projectId: number, made: NewIssue[]): Statement =>
  tx.execute(sql`
    with given as materialized (
      select x.*, row_number() over (order by x.id) as n from json_to_recordset(${json(made)}) as x(id bigint, "sourceId" bigint)
    ), number as (
      insert into ${issueSequences} (${columnNames(issueSequences, "projectId", "lastNumber")})
      select ${projectId}::bigint, count(*) from given
      on conflict (${columnNames(issueSequences, "projectId")}) do update
        set ${columnNames(issueSequences, "lastNumber")} = ${issueSequences.lastNumber} + excluded.last_number
      returning ${columnNames(issueSequences, "lastNumber")} as last
    ), inserted as (
      insert into ${issues} (${columnNames(issues, "id", "orgId", "projectId", "shortNumber", "level", "firstSeenAt", "lastSeenAt")})
      overriding system value
      select x.id, ${i.orgId}, ${i.projectId}, number.last - (select count(*) from given) + x.n, 0, ${i.lastSeenAt}, ${i.firstSeenAt}
        from given x join ${issues} i on ${i.id} = x."sourceId" cross join number
      returning ${columnNames(issues, "id")}
    )
    insert into ${issueDetails} (${columnNames(issueDetails, "issueId", "projectId", "type", "title", "culprit", "metadata", "platform", "logger", "grouping", "searchText")})
    select x.id, ${d.projectId}, ${d.type}, ${d.title}, ${d.culprit}, ${d.metadata}, ${d.platform}, ${d.logger}, ${d.grouping}, ''
      from given x join ${issueDetails} d on ${d.issueId} = x."sourceId" where x.id in (select id from inserted)`);

export type Lead = { hash: string; issueId: number };

/** From now on these hashes lead to these issues; what they led to is kept for an undo. Served by the primary keys of issue_hashes and regrouped_hashes. */
export const leadAnew = (tx: Db, jobId: string, projectId: number, leads: Lead[]): Statement =>
  tx.execute(sql`
    with given as materialized (
      select x.hash, x."issueId" as issue_id from json_to_recordset(${json(leads)}) as x(hash text, "issueId" bigint)
    ), noted as (
      insert into ${regroupedHashes} (${columnNames(regroupedHashes, "jobId", "hash", "issueId", "beforeId", "beforeFormerId", "wasRegrouped")})
      select ${jobId}::uuid, x.hash, x.issue_id, ${h.issueId}, ${h.formerIssueId}, ${h.isRegrouped}
        from given x left join ${issueHashes} h on ${h.projectId} = ${projectId} and ${h.hash} = x.hash
      on conflict do nothing
    )
    insert into ${issueHashes} (${columnNames(issueHashes, "projectId", "hash", "issueId", "isRegrouped")})
    select ${projectId}::bigint, x.hash, x.issue_id, true
      from given x left join ${issueHashes} h on ${h.projectId} = ${projectId} and ${h.hash} = x.hash
     where ${h.issueId} is distinct from x.issue_id order by x.hash
    on conflict (${columnNames(issueHashes, "projectId", "hash")}) do update
      set ${columnNames(issueHashes, "issueId")} = excluded.issue_id, ${columnNames(issueHashes, "formerIssueId")} = null, ${columnNames(issueHashes, "isRegrouped")} = true`);

/** Hashes lead again to what they led to before a job, unless people led them elsewhere since. Served by the primary keys of regrouped_hashes, issue_hashes and issues. */
export const leadBack = (tx: Db, jobId: string, projectId: number): Statement =>
  tx.execute(sql`
    with known as materialized (
      select g.* from ${regroupedHashes} g where ${g.jobId} = ${jobId}::uuid
    ), gone as (
      delete from ${issueHashes} using known
       where ${issueHashes.projectId} = ${projectId} and ${issueHashes.hash} = known.hash and ${issueHashes.issueId} = known.issue_id
         and ${issueHashes.isRegrouped} and known.before_id is null
    )
    update ${issueHashes}
       set ${columnNames(issueHashes, "issueId")} = known.before_id, ${columnNames(issueHashes, "formerIssueId")} = known.before_former_id, ${columnNames(issueHashes, "isRegrouped")} = known.was_regrouped
      from known join ${issues} i on ${i.id} = known.before_id
     where ${issueHashes.projectId} = ${projectId} and ${issueHashes.hash} = known.hash and ${issueHashes.issueId} = known.issue_id
       and known.before_id <> known.issue_id`);

/** Issues that had no event left are shown again. Served by the primary key of issues. */
export const showHidden = (tx: Db, hidden: number[]): Statement =>
  tx.execute(sql`
    update ${issues} set ${columnNames(issues, "mergedInto")} = null, ${columnNames(issues, "userCount")} = 0
     where ${issues.id} = any(${`{${hidden.join(",")}}`}::bigint[])`);

export type EventToMove = EventRow & { targetId: string; newHash: string | null };

const movable = (jobId: string, isBack: boolean): SQL => sql`
  ${regroupedEvents} r join ${regroupedHashes} g on ${g.jobId} = ${r.jobId} and ${g.hash} = ${r.hashes}[1]
  join ${issues} i on ${i.id} = ${isBack ? r.issueId : g.issueId} and ${r.jobId} = ${jobId}::uuid`;
const target = sql`coalesce(${i.mergedInto}, ${i.id})`;

/** The next events that are not where they belong, the newest first. Served by the primary keys of regrouped_events, regrouped_hashes and events. */
export const selectEventsToMove = (
  db: Db,
  of: { jobId: string; projectId: number; isBack: boolean; before?: EdgeOfEvents | undefined },
  limit: number,
) =>
  db.execute<EventToMove>(sql`
    select ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
           to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
           ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length",
           ${target} as "targetId", ${of.isBack ? sql`${r.hash}` : sql`('x' || left(${r.hashes}[1], 16))::bit(64)::bigint`} as "newHash"
      from ${movable(of.jobId, of.isBack)}
      join ${events} e on ${e.projectId} = ${of.projectId} and ${e.eventId} = ${r.eventId} and ${e.receivedAt} = ${r.receivedAt}
     where ${e.issueId} <> ${target}
       ${of.isBack ? sql`and ${r.issueId} <> ${g.issueId} and ${e.issueId} = ${g.issueId}` : sql``}
       ${of.before ? sql`and (${r.receivedAt}, ${r.eventId}) < (${of.before.receivedAt}::timestamptz, ${of.before.eventId}::uuid)` : sql``}
     order by ${r.receivedAt} desc, ${r.eventId} desc limit ${limit}`);

/** How many are not where they belong, and which issues these are. Served by the primary keys of regrouped_events and regrouped_hashes. */
export const selectMoves = (db: Db, jobId: string, isBack: boolean) =>
  db.execute<{ sourceId: string; targetId: string; count: number }>(sql`
    select ${isBack ? g.issueId : r.issueId} as "sourceId", ${target} as "targetId", count(*)::integer as count
      from ${movable(jobId, isBack)}
     where ${isBack ? g.issueId : r.issueId} <> ${target}
     group by 1, 2 order by 3 desc, 1, 2`);

/** Events that stay in their issue but are found by another hash. Served by the primary keys of regrouped_events and events. */
export const rehashEvents = (
  tx: Db,
  of: {
    step: Step;
    projectId: number;
    jobId: string;
    isBack: boolean;
    from: string;
    to: string;
    next: object;
    now: Date;
  },
): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, rehashed as (
      update ${events} set ${columnNames(events, "hash")} = ${of.isBack ? sql`${r.hash}` : sql`('x' || left(${r.hashes}[1], 16))::bit(64)::bigint`}
        from ${regroupedEvents} r
       where ${r.jobId} = ${of.jobId}::uuid and ${r.receivedAt} > ${of.from}::timestamptz and ${r.receivedAt} <= ${of.to}::timestamptz
         and ${events.projectId} = ${of.projectId} and ${events.eventId} = ${r.eventId} and ${events.receivedAt} = ${r.receivedAt}
         and ${events.hash} is distinct from ${of.isBack ? sql`${r.hash}` : sql`('x' || left(${r.hashes}[1], 16))::bit(64)::bigint`}
         and exists (select 1 from job)
    ) ${advanced(of.step, sql`0`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Where a chunk of what a job looked at ends, in the order of time. Served by the primary key of regrouped_events. */
export const selectLookedEnd = (db: Db, jobId: string, after: string, size: number) =>
  db.execute<{ at: string }>(sql`
    select to_char(${r.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from ${regroupedEvents} r
     where ${r.jobId} = ${jobId}::uuid and ${r.receivedAt} > ${after}::timestamptz order by ${r.receivedAt} limit 1 offset ${size - 1}`);

/** Comments and what else happened to an issue that leads to another one. Served by issue_activities_issue. */
export const moveHappenings = (tx: Db, hidden: { from: number; into: number }[]): Statement =>
  tx.execute(sql`
    update ${issueActivities} set ${columnNames(issueActivities, "issueId")} = x.into
      from json_to_recordset(${json(hidden)}) as x("from" bigint, "into" bigint) where ${issueActivities.issueId} = x.from`);
