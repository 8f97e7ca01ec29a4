import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import {
  issueDetails,
  issueHours,
  issues,
  issueTags,
  issueTexts,
  issueUsers,
} from "../../drizzle/schema/issues";
import { issueStates } from "../../drizzle/schema/states";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { advanced, heldJob, type Step } from "./job-queries";
import { peopleMax, searchCharsMax } from "./store-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const i = alias(issues, "i");
const k = alias(issueTags, "k");
const u = alias(issueUsers, "u");
const y = alias(issueTexts, "y");

const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::json`;

/** What an issue is called by an event. */
export type Named = {
  type: string;
  title: string;
  culprit: string;
  metadata: object;
  label: string;
  searchText: string;
  receivedAt: string;
};

export type MovedTag = {
  sourceId: number;
  targetId: number;
  week: string;
  tag: string;
  key: string;
  value: string;
  count: number;
};

export type MoveChunk = {
  step: Step;
  next: object;
  now: Date;
  orgId: number;
  events: {
    projectId: string;
    eventId: string;
    receivedAt: string;
    sourceId: string;
    targetId: string;
    hash: string | null;
  }[];
  tags: MovedTag[];
  texts: { issueId: number; since: string; is_fact: boolean; hashes: number[]; text: string }[];
  /** The worst of what comes to each target. */
  levels: { issueId: number; level: number }[];
};

/**
 * Moves events between issues with all that is counted of them, under the project's lock. An issue may give and get at
 * once: what changes of a row is added up first. What the source has not counted, for it had no room, the target does
 * not count either. Served by the primary keys of events, issues, issue_hours, issue_tags, issue_users and issue_states.
 */
export const moveBetween = (tx: Db, of: MoveChunk): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, given as materialized (
      select x.* from json_to_recordset(${json(of.events)})
          as x("projectId" bigint, "eventId" uuid, "receivedAt" timestamptz, "sourceId" bigint, "targetId" bigint, hash bigint)
       where exists (select 1 from job) and (select count(*) from ${issues} i where ${i.id} in (x."sourceId", x."targetId")) = 2
    ), moved as (
      update ${events} e set ${columnNames(events, "issueId")} = given."targetId", ${columnNames(events, "hash")} = given.hash from given
       where ${e.projectId} = given."projectId" and ${e.eventId} = given."eventId" and ${e.receivedAt} = given."receivedAt" and ${e.issueId} = given."sourceId"
      returning ${e.receivedAt} as at, ${e.userHash} as user_hash, given."sourceId" as source_id, given."targetId" as target_id
    ), sides as materialized (
      select target_id as issue_id, at, 1 as n from moved union all select source_id, at, -1 from moved
    ), by_hour as materialized (
      select issue_id, date_trunc('hour', at, 'UTC') as hour, sum(n)::integer as n from sides group by 1, 2 having sum(n) <> 0
    ), hours_less as (
      update ${issueHours} set ${columnNames(issueHours, "count")} = ${issueHours.count} + b.n from by_hour b
       where ${issueHours.issueId} = b.issue_id and ${issueHours.hour} = b.hour and b.n < 0 and ${issueHours.count} > -b.n
    ), hours_gone as (
      delete from ${issueHours} using by_hour b
       where ${issueHours.issueId} = b.issue_id and ${issueHours.hour} = b.hour and b.n < 0 and ${issueHours.count} <= -b.n
    ), hours_more as (
      insert into ${issueHours} (${columnNames(issueHours, "hour", "issueId", "count")})
      select hour, issue_id, n from by_hour where n > 0 order by issue_id, hour
      on conflict (${columnNames(issueHours, "issueId", "hour")}) do update
        set ${columnNames(issueHours, "count")} = ${issueHours.count} + excluded.count
    ), people as (
      insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
      select distinct m.target_id, m.user_hash from moved m join ${issues} i on ${i.id} = m.target_id
       where m.user_hash is not null and ${i.userCount} < ${peopleMax} order by 1, 2
      on conflict do nothing
      returning ${columnNames(issueUsers, "issueId")}
    ), tag_input as materialized (
      select x.* from json_to_recordset(${json(of.tags)})
          as x("sourceId" bigint, "targetId" bigint, week timestamptz, tag bigint, key text, value text, count integer)
       where exists (select 1 from given) and exists (
         select 1 from ${issueTags} k where ${k.issueId} in (x."sourceId", x."targetId") and ${k.tag} = x.tag and ${k.week} = x.week)
    ), by_tag as materialized (
      select s.issue_id, s.week, s.tag, min(s.key) as key, min(s.value) as value, sum(s.n)::integer as n from (
        select "targetId" as issue_id, week, tag, key, value, count as n from tag_input
        union all select "sourceId", week, tag, key, value, -count from tag_input) s
       group by 1, 2, 3 having sum(s.n) <> 0
    ), tags_less as (
      update ${issueTags} set ${columnNames(issueTags, "count")} = ${issueTags.count} + b.n from by_tag b
       where ${issueTags.issueId} = b.issue_id and ${issueTags.tag} = b.tag and ${issueTags.week} = b.week and b.n < 0 and ${issueTags.count} > -b.n
    ), tags_gone as (
      delete from ${issueTags} using by_tag b
       where ${issueTags.issueId} = b.issue_id and ${issueTags.tag} = b.tag and ${issueTags.week} = b.week and b.n < 0 and ${issueTags.count} <= -b.n
    ), tags_more as (
      insert into ${issueTags} (${columnNames(issueTags, "week", "projectId", "issueId", "key", "value", "tag", "count")})
      select b.week, ${i.projectId}, ${i.id}, b.key, b.value, b.tag, b.n
        from by_tag b join ${issues} i on ${i.id} = b.issue_id where b.n > 0 order by ${i.id}, b.tag, b.week
      on conflict (${columnNames(issueTags, "issueId", "tag", "week")}) do update
        set ${columnNames(issueTags, "count")} = ${issueTags.count} + excluded.count
    ), worded as (
      insert into ${issueTexts} (${columnNames(issueTexts, "since", "orgId", "issueId", "isFact", "hashes", "text")})
      select x.since, ${of.orgId}::bigint, x."issueId", x.is_fact, x.hashes, x.text
        from json_to_recordset(${json(of.texts)}) as x("issueId" bigint, since timestamptz, is_fact boolean, hashes integer[], text text)
       where exists (select 1 from given)
    ), by_issue as materialized (
      select issue_id, sum(n)::integer as n, min(at) filter (where n > 0) as first, max(at) filter (where n > 0) as last
        from sides group by issue_id
    ), rebased as (
      -- What an ignored issue waits for is what comes, not what moves.
      update ${issueStates} set ${columnNames(issueStates, "eventsBefore")} = greatest(0, ${issueStates.eventsBefore} + b.n)
        from by_issue b where ${issueStates.issueId} = b.issue_id
    ), counted as (
      update ${issues} i
         set ${columnNames(issues, "eventCount")} = greatest(0, ${i.eventCount} + b.n),
             ${columnNames(issues, "userCount")} = ${i.userCount} + (select count(*) from people p where p.issue_id = b.issue_id),
             ${columnNames(issues, "firstSeenAt")} = least(${i.firstSeenAt}, b.first), ${columnNames(issues, "lastSeenAt")} = greatest(${i.lastSeenAt}, b.last),
             ${columnNames(issues, "level")} = greatest(${i.level}, l.level)
        from by_issue b left join json_to_recordset(${json(of.levels)}) as l("issueId" bigint, level smallint) on l."issueId" = b.issue_id
       where ${i.id} = b.issue_id
    ) ${advanced(of.step, sql`select count(*) from moved`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Issues are called by the newest event of each, unless it had a newer one. Served by the primary keys of issues and issue_details. */
export const nameAnew = (tx: Db, named: (Named & { issueId: number })[]): Statement =>
  tx.execute(sql`
    with given as materialized (
      select x.* from json_to_recordset(${json(named)}) as x(
        "issueId" bigint, type text, title text, culprit text, metadata jsonb, label bigint, "searchText" text, "receivedAt" timestamptz)
    ), renamed as (
      update ${issues} i set ${columnNames(issues, "label")} = x.label from given x
       where ${i.id} = x."issueId" and ${i.lastSeenAt} <= x."receivedAt"
      returning ${i.id} as id
    )
    update ${issueDetails} d
       set ${columnNames(issueDetails, "type")} = x.type, ${columnNames(issueDetails, "title")} = x.title, ${columnNames(issueDetails, "culprit")} = x.culprit,
           ${columnNames(issueDetails, "metadata")} = x.metadata,
           ${columnNames(issueDetails, "searchText")} = left(concat_ws(E'\\n', x."searchText", nullif(${d.searchText}, '')), ${searchCharsMax})
      from given x where ${d.issueId} = x."issueId" and x."issueId" in (select id from renamed)`);

type PeopleChunk = { step: Step; next: object; now: Date; sourceId: number; others: number[] };

/** People of the issues that got events of one are none of its own until its events say so. Under the project's lock. Served by the primary keys of issue_users and issues. */
export const forgetPeopleOf = (tx: Db, of: PeopleChunk): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, gone as (
      delete from ${issueUsers} where ${issueUsers.issueId} = ${of.sourceId} and exists (select 1 from job) and ${issueUsers.userHash} in (
        select ${u.userHash} from ${issueUsers} u where ${anyOf(u.issueId, of.others)})
      returning 1
    ), counted as (
      update ${issues} i set ${columnNames(issues, "userCount")} = greatest(0, ${i.userCount} - (select count(*) from gone)) where ${i.id} = ${of.sourceId}
    ) ${advanced(of.step, sql`0`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Those of them who are met in a chunk of its own events. Under the project's lock. Served by events_issue_received and the primary keys of issue_users and issues. */
export const countPeopleOf = (tx: Db, of: PeopleChunk & { from: string; to: string }): Statement =>
  tx.execute(sql`
    with ${heldJob(of.step)}, met as (
      insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
      select distinct ${of.sourceId}::bigint, ${e.userHash} from ${events} e
       where ${e.issueId} = ${of.sourceId} and ${e.receivedAt} > ${of.from}::timestamptz and ${e.receivedAt} <= ${of.to}::timestamptz
         and ${e.userHash} in (select ${u.userHash} from ${issueUsers} u where ${anyOf(u.issueId, of.others)})
         and exists (select 1 from job) and exists (select 1 from ${issues} i where ${i.id} = ${of.sourceId}) order by 2
      on conflict do nothing
      returning 1
    ), counted as (
      update ${issues} i set ${columnNames(issues, "userCount")} = ${i.userCount} + (select count(*) from met) where ${i.id} = ${of.sourceId}
    ) ${advanced(of.step, sql`0`, sql`${JSON.stringify(of.next)}::jsonb`, of.now)}`);

/** Texts that issues have, by their four weeks. Served by issue_texts_issue. */
export const selectTextsOf = (db: Db, issueIds: number[]) =>
  db.execute<{
    issueId: string;
    since: string;
    fact: boolean;
    chars: number;
    hashes: number[];
  }>(sql`
    select ${y.issueId} as "issueId", to_char(${y.since} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since, ${y.isFact} as fact,
           length(${y.text}) as chars, ${y.hashes}
      from ${issueTexts} y where ${anyOf(y.issueId, issueIds)}`);
