import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import {
  issueDetails,
  issueHashes,
  issueHours,
  issueSequences,
  issues,
  issueTags,
  issueTexts,
  issueUsers,
} from "../../drizzle/schema/issues";
import { issueStates } from "../../drizzle/schema/states";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import type { EventRow } from "./event-queries";
import { advanced, heldJob, type Step } from "./job-queries";
import type { TextRow } from "./text-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const f = alias(issues, "f");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const k = alias(issueTags, "k");
const u = alias(issueUsers, "u");
const y = alias(issueTexts, "y");

const peopleMax = sql.raw("10000");
const searchCharsMax = sql.raw("4000");
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

/** Texts that an issue has, by their four weeks. Served by issue_texts_issue. */
export const selectTextsOf = (db: Db, issueId: number) =>
  db.execute<{ since: string; fact: boolean; chars: number; hashes: number[] }>(sql`
    select to_char(${y.since} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since, ${y.isFact} as fact, length(${y.text}) as chars, ${y.hashes}
      from ${issueTexts} y where ${y.issueId} = ${issueId}`);

export type Named = {
  type: string;
  title: string;
  culprit: string;
  metadata: object;
  label: string;
  searchText: string;
  receivedAt: string;
};

export type PartChunk = {
  sourceId: number;
  targetId: number;
  orgId: number;
  step: Step;
  next: object;
  now: Date;
  events: { projectId: string; eventId: string; receivedAt: string }[];
  tags: { week: string; tag: string; key: string; value: string; count: number }[];
  texts: TextRow[];
  level: number;
};

const both = ({ step, sourceId, targetId }: PartChunk): SQL => sql`
  ${heldJob(step)}, two as materialized (
    select count(*) as n from ${issues} i where ${anyOf(i.id, [sourceId, targetId])} and exists (select 1 from job)
  )`;
const held = sql`(select n from two) = 2`;

/**
 * Moves events with all that is counted of them, under the project's lock. What the source has not counted, for it had no
 * room, the target does not count either. Served by the primary keys of events, issues, issue_hours, issue_tags and issue_users.
 */
export const partEvents = (tx: Db, of: PartChunk): Statement =>
  tx.execute(sql`
    with ${both(of)}, given as materialized (
      select * from json_to_recordset(${JSON.stringify(of.events)}::json) as x("projectId" bigint, "eventId" uuid, "receivedAt" timestamptz)
       where ${held}
    ), moved as (
      update ${events} e set ${columnNames(events, "issueId")} = ${of.targetId} from given
       where ${e.projectId} = given."projectId" and ${e.eventId} = given."eventId" and ${e.receivedAt} = given."receivedAt" and ${e.issueId} = ${of.sourceId}
      returning ${e.receivedAt} as at, ${e.userHash} as user_hash
    ), seen as materialized (
      select count(*) as n, min(at) as first, max(at) as last from moved
    ), by_hour as materialized (
      select date_trunc('hour', at, 'UTC') as hour, count(*)::integer as n from moved group by 1
    ), hours_less as (
      update ${issueHours} set ${columnNames(issueHours, "count")} = ${issueHours.count} - by_hour.n from by_hour
       where ${issueHours.issueId} = ${of.sourceId} and ${issueHours.hour} = by_hour.hour and ${issueHours.count} > by_hour.n
    ), hours_gone as (
      delete from ${issueHours} using by_hour
       where ${issueHours.issueId} = ${of.sourceId} and ${issueHours.hour} = by_hour.hour and ${issueHours.count} <= by_hour.n
    ), hours_more as (
      insert into ${issueHours} (${columnNames(issueHours, "hour", "issueId", "count")})
      select hour, ${of.targetId}::bigint, n from by_hour order by hour
      on conflict (${columnNames(issueHours, "issueId", "hour")}) do update
        set ${columnNames(issueHours, "count")} = ${issueHours.count} + excluded.count
    ), people as (
      insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
      select distinct ${of.targetId}::bigint, user_hash from moved
       where user_hash is not null and (select ${i.userCount} from ${issues} i where ${i.id} = ${of.targetId}) < ${peopleMax} order by 2
      on conflict do nothing
      returning 1
    ), tag_input as materialized (
      select x.week, x.tag, x.key, x.value, x.count
        from json_to_recordset(${JSON.stringify(of.tags)}::json) as x(week timestamptz, tag bigint, key text, value text, count integer)
       where ${held}
    ), counted as materialized (
      select x.* from tag_input x where exists (
        select 1 from ${issueTags} k where ${anyOf(k.issueId, [of.sourceId, of.targetId])} and ${k.tag} = x.tag and ${k.week} = x.week)
    ), tags_less as (
      update ${issueTags} set ${columnNames(issueTags, "count")} = ${issueTags.count} - c.count from counted c
       where ${issueTags.issueId} = ${of.sourceId} and ${issueTags.tag} = c.tag and ${issueTags.week} = c.week and ${issueTags.count} > c.count
    ), tags_gone as (
      delete from ${issueTags} using counted c
       where ${issueTags.issueId} = ${of.sourceId} and ${issueTags.tag} = c.tag and ${issueTags.week} = c.week and ${issueTags.count} <= c.count
    ), tags_more as (
      insert into ${issueTags} (${columnNames(issueTags, "week", "projectId", "issueId", "key", "value", "tag", "count")})
      select c.week, ${i.projectId}, ${i.id}, c.key, c.value, c.tag, c.count
        from counted c join ${issues} i on ${i.id} = ${of.targetId} order by c.tag, c.week
      on conflict (${columnNames(issueTags, "issueId", "tag", "week")}) do update
        set ${columnNames(issueTags, "count")} = ${issueTags.count} + excluded.count
    ), worded as (
      insert into ${issueTexts} (${columnNames(issueTexts, "since", "orgId", "issueId", "isFact", "hashes", "text")})
      select x.since, ${of.orgId}::bigint, ${of.targetId}::bigint, x.is_fact, x.hashes, x.text
        from json_to_recordset(${JSON.stringify(of.texts)}::json) as x(since timestamptz, is_fact boolean, hashes integer[], text text)
       where ${held}
    ), rebased as (
      -- What an ignored issue waits for is what comes, not what moves.
      update ${issueStates} set ${columnNames(issueStates, "eventsBefore")} = greatest(0, ${issueStates.eventsBefore} + case
          when ${issueStates.issueId} = ${of.targetId} then seen.n else -seen.n end)
        from seen where ${anyOf(issueStates.issueId, [of.sourceId, of.targetId])}
    ), less as (
      update ${issues} i set ${columnNames(issues, "eventCount")} = greatest(0, ${i.eventCount} - seen.n) from seen where ${i.id} = ${of.sourceId}
    ), more as (
      update ${issues} i
         set ${columnNames(issues, "eventCount")} = ${i.eventCount} + seen.n,
             ${columnNames(issues, "userCount")} = ${i.userCount} + (select count(*) from people),
             ${columnNames(issues, "firstSeenAt")} = least(${i.firstSeenAt}, seen.first), ${columnNames(issues, "lastSeenAt")} = greatest(${i.lastSeenAt}, seen.last),
             ${columnNames(issues, "level")} = case when seen.n > 0 then greatest(${i.level}, ${of.level}::smallint) else ${i.level} end
        from seen where ${i.id} = ${of.targetId}
    ) ${advanced(of.step, sql`select n from seen`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** An issue is called by its newest event, unless it had a newer one meanwhile. Served by the primary keys of issues and issue_details. */
export const nameIssue = (tx: Db, issueId: number, named: Named): Statement =>
  tx.execute(sql`
    with i as (
      update ${issues} i set ${columnNames(issues, "label")} = ${named.label}::bigint
       where ${i.id} = ${issueId} and ${i.lastSeenAt} <= ${named.receivedAt}::timestamptz returning 1
    )
    update ${issueDetails} d
       set ${columnNames(issueDetails, "type")} = ${named.type}, ${columnNames(issueDetails, "title")} = ${named.title}, ${columnNames(issueDetails, "culprit")} = ${named.culprit},
           ${columnNames(issueDetails, "metadata")} = ${JSON.stringify(named.metadata)}::jsonb,
           ${columnNames(issueDetails, "searchText")} = left(concat_ws(E'\\n', ${named.searchText}::text, nullif(${d.searchText}, '')), ${searchCharsMax})
     where ${d.issueId} = ${issueId} and exists (select 1 from i)`);

/** People of the target are none of the source's until its events say so. Under the project's lock. Served by the primary keys of issue_users and issues. */
export const forgetPeople = (
  tx: Db,
  of: Omit<PartChunk, "events" | "tags" | "texts" | "level">,
): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, gone as (
      delete from ${issueUsers} where ${issueUsers.issueId} = ${of.sourceId} and exists (select 1 from job) and ${issueUsers.userHash} in (
        select ${u.userHash} from ${issueUsers} u where ${u.issueId} = ${of.targetId})
      returning 1
    ), counted as (
      update ${issues} i set ${columnNames(issues, "userCount")} = greatest(0, ${i.userCount} - (select count(*) from gone)) where ${i.id} = ${of.sourceId}
    ) ${advanced(of.step, sql`0`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Where a chunk of the source's events ends, in the order of time. Served by events_issue_received. */
export const selectChunkEnd = (db: Db, issueId: number, after: string, size: number) =>
  db.execute<{ at: string }>(sql`
    select to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from ${events} e
     where ${e.issueId} = ${issueId} and ${e.receivedAt} > ${after}::timestamptz
     order by ${e.receivedAt} limit 1 offset ${size - 1}`);

/** People of the target who are met in a chunk of the source's events too. Under the project's lock. Served by events_issue_received and the primary keys of issue_users and issues. */
export const countPeople = (
  tx: Db,
  {
    from,
    to,
    ...of
  }: Omit<PartChunk, "events" | "tags" | "texts" | "level"> & { from: string; to: string },
): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, met as (
      insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
      select distinct ${of.sourceId}::bigint, ${e.userHash} from ${events} e
        join ${issueUsers} u on ${u.issueId} = ${of.targetId} and ${u.userHash} = ${e.userHash}
       where ${e.issueId} = ${of.sourceId} and ${e.receivedAt} > ${from}::timestamptz and ${e.receivedAt} <= ${to}::timestamptz
         and exists (select 1 from job) and exists (select 1 from ${issues} i where ${i.id} = ${of.sourceId}) order by 2
      on conflict do nothing
      returning 1
    ), counted as (
      update ${issues} i set ${columnNames(issues, "userCount")} = ${i.userCount} + (select count(*) from met) where ${i.id} = ${of.sourceId}
    ) ${advanced(of.step, sql`0`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

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
  }: Omit<PartChunk, "events" | "tags" | "texts" | "level" | "next"> & { next: object | undefined },
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
