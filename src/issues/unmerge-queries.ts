import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issueHashes, issueSequences, issues } from "../../drizzle/schema/issues";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import type { EventRow } from "./event-queries";
import { advanced, heldJob, type Step } from "./job-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const f = alias(issues, "f");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");

/** Hashes that an activity names. */
const namedMax = 20;
const textsOf = (values: string[]): SQL =>
  sql`(select json_array_elements_text(${JSON.stringify(values)}::json))`;

export type FormerRow = { hash: string; formerId: string | null; isChosen: boolean };

/** Hashes that lead to an issue, which of them are chosen, and the issue of the project that each led to before. Served by issue_hashes_issue and the primary key of issues. */
export const selectFormer = (db: Db, projectId: number, issueId: number, hashes: string[]) =>
  db.execute<FormerRow>(sql`
    select ${h.hash}, ${f.id} as "formerId", ${h.hash} in ${textsOf(hashes)} as "isChosen"
      from ${issueHashes} h
      left join ${issues} f on ${f.id} = ${h.formerIssueId} and ${f.projectId} = ${projectId} and ${f.id} <> ${issueId}
     where ${h.issueId} = ${issueId} and ${h.projectId} = ${projectId} and ${h.hash} ~ '^[0-9a-f]{16}'`);

/** How many of the newest events of an issue were found by some hashes, looking at so many. Served by events_issue_received. */
export const countFoundBy = (db: Db, issueId: number, numbers: string[], walkedMax: number) =>
  db.execute<{ total: number; id: string }>(sql`
    select (select count(*)::integer from (
             select ${e.hash} as hash from ${events} e where ${e.issueId} = ${issueId} order by ${e.receivedAt} desc limit ${walkedMax}) walk
             where ${anyOf(sql`walk.hash`, numbers.map(BigInt))}) as total,
           nextval(pg_get_serial_sequence('issues', 'id')) as id`);

export type Parting = {
  orgId: number;
  projectId: number;
  /** The issue that gives events away, and the one that gets them. */
  sourceId: number;
  targetId: number;
  hashes: string[];
};

/** All of these hashes lead to the issue and others do too, else SQLSTATE 40001. Served by issue_hashes_issue. */
export const assertLeading = (
  tx: Db,
  { sourceId, hashes }: Pick<Parting, "sourceId" | "hashes">,
): Statement =>
  tx.execute(sql`
    select assert_no_rows(case when count(*) filter (where ${h.hash} in ${textsOf(hashes)}) = ${hashes.length} and count(*) > ${hashes.length} then 0 else 1 end)
      from ${issueHashes} h where ${h.issueId} = ${sourceId}`);

/** An issue for what is taken out. Served by the primary keys of issues and issue_sequences. */
export const makeIssue = (tx: Db, { sourceId, targetId }: Parting): Statement =>
  tx.execute(sql`
    with number as (
      insert into ${issueSequences} (${columnNames(issueSequences, "projectId", "lastNumber")})
      select ${i.projectId}, 1 from ${issues} i where ${i.id} = ${sourceId}
      on conflict (${columnNames(issueSequences, "projectId")}) do update
        set ${columnNames(issueSequences, "lastNumber")} = ${issueSequences.lastNumber} + 1
      returning ${columnNames(issueSequences, "lastNumber")} as n
    )
    insert into ${issues} (${columnNames(issues, "id", "orgId", "projectId", "shortNumber", "level", "firstSeenAt", "lastSeenAt")})
    overriding system value
    select ${targetId}::bigint, ${i.orgId}, ${i.projectId}, number.n, 0, ${i.lastSeenAt}, ${i.firstSeenAt}
      from ${issues} i cross join number where ${i.id} = ${sourceId}`);

/** What it is called until its own events say otherwise. Served by the primary key of issue_details. */
export const makeDetails = (tx: Db, { sourceId, targetId }: Parting): Statement =>
  tx.execute(sql`
    insert into ${issueDetails} (${columnNames(issueDetails, "issueId", "projectId", "type", "title", "culprit", "metadata", "platform", "logger", "grouping", "searchText")})
    select ${targetId}::bigint, ${d.projectId}, ${d.type}, ${d.title}, ${d.culprit}, ${d.metadata}, ${d.platform}, ${d.logger}, ${d.grouping}, ''
      from ${issueDetails} d where ${d.issueId} = ${sourceId}`);

/** From now on they lead to the other issue. Served by the primary key of issue_hashes. */
export const leadElsewhere = (
  tx: Db,
  { projectId, sourceId, targetId, hashes }: Parting,
): Statement =>
  tx.execute(sql`
    update ${issueHashes} set ${columnNames(issueHashes, "issueId")} = ${targetId}, ${columnNames(issueHashes, "formerIssueId")} = null, ${columnNames(issueHashes, "isRegrouped")} = null
     where ${issueHashes.projectId} = ${projectId} and ${issueHashes.hash} in ${textsOf(hashes)} and ${issueHashes.issueId} = ${sourceId}`);

/** What one of the two sides has in its activity, as Sentry's clients read it. */
export const noteUnmerge = (
  tx: Db,
  { sourceId, targetId, hashes }: Parting,
  side: "unmerge_source" | "unmerge_destination",
  by: { userId: number | null; now: Date },
): Statement => {
  const fingerprints = hashes.slice(0, namedMax);
  const [issueId, other] =
    side === "unmerge_source"
      ? [sourceId, { destination: String(targetId) }]
      : [targetId, { source: String(sourceId) }];
  const data = { ...other, fingerprints };
  return tx.execute(happeningsOf({ kind: side, ...by, data }, sql`${issueId}::bigint`, sql``));
};

export type FoundRow = EventRow & { hash: string | null };
export type Edge = { receivedAt: string; eventId: string };

/**
 * The next events of an issue that may have been found by some hashes, the newest first: those of which that is not
 * written too. Served by events_issue_received.
 */
export const selectFoundBy = (
  db: Db,
  issueId: number,
  numbers: string[],
  edge: Edge | undefined,
  limit: number,
) =>
  db.execute<FoundRow>(sql`
    select ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
           to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
           ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length", ${e.hash}
      from ${events} e
     where ${e.issueId} = ${issueId} and (${anyOf(e.hash, numbers.map(BigInt))} or ${e.hash} is null)
       ${edge ? sql`and (${e.receivedAt}, ${e.eventId}) < (${edge.receivedAt}::timestamptz, ${edge.eventId}::uuid)` : sql``}
     order by ${e.receivedAt} desc, ${e.eventId} desc limit ${limit}`);

/** Where a chunk of the source's events ends, in the order of time. Served by events_issue_received. */
export const selectChunkEnd = (db: Db, issueId: number, after: string, size: number) =>
  db.execute<{ at: string }>(sql`
    select to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from ${events} e
     where ${e.issueId} = ${issueId} and ${e.receivedAt} > ${after}::timestamptz
     order by ${e.receivedAt} limit 1 offset ${size - 1}`);

const newest = (id: number): SQL =>
  sql`(select max(${e.receivedAt}) from ${events} e where ${e.issueId} = ${id})`;
const oldest = (id: number): SQL =>
  sql`(select min(${e.receivedAt}) from ${events} e where ${e.issueId} = ${id})`;

/**
 * The end, or that of one of several issues that are taken out: the source was seen when its own events were, as far as they are kept. Under the project's lock. Served by
 * events_issue_received and the primary key of issues.
 */
export const finishUnmerge = (
  tx: Db,
  {
    sourceId,
    targetId,
    step,
    next,
    now,
  }: {
    sourceId: number;
    targetId: number;
    step: Step;
    /** undefined: the job is done. */
    next: object | undefined;
    now: Date;
  },
): Statement =>
  tx.execute(sql`
    with ${heldJob(step)}, source as (
      update ${issues} i
         set ${columnNames(issues, "lastSeenAt")} = coalesce(${newest(sourceId)}, ${i.lastSeenAt}),
             ${columnNames(issues, "firstSeenAt")} = case
               when ${i.firstSeenAt} < (select ${f.firstSeenAt} from ${issues} f where ${f.id} = ${targetId}) then ${i.firstSeenAt}
               else coalesce(${oldest(sourceId)}, ${i.firstSeenAt}) end
       where ${i.id} = ${sourceId} and exists (select 1 from job)
    ), target as (
      update ${issues} i
         set ${columnNames(issues, "firstSeenAt")} = least(${i.firstSeenAt}, ${i.lastSeenAt}),
             ${columnNames(issues, "lastSeenAt")} = coalesce(${newest(targetId)}, ${i.lastSeenAt}),
             ${columnNames(issues, "level")} = case when ${i.level} > 0 or ${i.eventCount} > 0 then ${i.level} else (
               select ${f.level} from ${issues} f where ${f.id} = ${sourceId}) end
       where ${i.id} = ${targetId} and exists (select 1 from job)
    ) ${advanced(step, sql`0`, next && sql`${JSON.stringify(next)}::jsonb`, now)}`);
