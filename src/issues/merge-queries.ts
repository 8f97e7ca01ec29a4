import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueActivities } from "../../drizzle/schema/activity";
import { events } from "../../drizzle/schema/events";
import {
  issueDetails,
  issueHashes,
  issueHours,
  issues,
  issueTags,
  issueTexts,
  issueUsers,
} from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { issueStates } from "../../drizzle/schema/states";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import { advanced, heldJob, type Step } from "./job-queries";
import { peopleMax, searchCharsMax } from "./store-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const h = alias(issueHours, "h");
const i = alias(issues, "i");
const l = alias(issues, "l");
const p = alias(projects, "p");
const t = alias(issueTags, "t");
const u = alias(issueUsers, "u");
const y = alias(issueTexts, "y");

/** Issues that were merged into one. */
export const mergedMax = 1000;

export type MergeableIssue = {
  id: string;
  projectId: string;
  projectSlug: string;
  shortNumber: number;
  title: string;
  eventCount: string;
  /** Of the project's limit of new issues (src/issues/overflow.ts). */
  isOverflow: boolean;
};

/** Issues that could be merged, the oldest first. Served by the primary key of issues. */
export const selectMergeable = (db: Db, orgId: number, ids: number[]) =>
  db.execute<MergeableIssue>(sql`
    select ${i.id}, ${p.id} as "projectId", ${p.slug} as "projectSlug", ${i.shortNumber} as "shortNumber", ${d.title},
           ${i.eventCount} as "eventCount", ${d.grouping} ->> 'algo' = 'overflow' as "isOverflow"
      from ${issues} i join ${issueDetails} d on ${d.issueId} = ${i.id}
      join ${projects} p on ${p.id} = ${i.projectId} and ${p.deletedAt} is null
     where ${anyOf(i.id, ids)} and ${i.orgId} = ${orgId} and ${i.mergedInto} is null
     order by ${i.firstSeenAt}, ${i.id}`);

export type Merging = { orgId: number; projectId: number; winnerId: number; loserIds: number[] };

/** All of them are there and not merged yet, else SQLSTATE 40001; they are held. Served by the primary key of issues. */
export const assertMergeable = (
  tx: Db,
  { orgId, projectId, winnerId, loserIds }: Merging,
): Statement => {
  const ids = [winnerId, ...loserIds];
  return tx.execute(sql`
    with chosen as materialized (
      select ${i.id} from ${issues} i
       where ${anyOf(i.id, ids)} and ${i.orgId} = ${orgId} and ${i.projectId} = ${projectId} and ${i.mergedInto} is null
       order by ${i.id} for update)
    select assert_no_rows(${ids.length} - count(*)) from chosen`);
};

/** No issue has more merged into it than that. Answers with how many it has. Served by issues_merged_into. */
export const countMerged = (db: Db, ids: number[]) =>
  db.execute<{ merged: number }>(sql`
    select count(*)::integer as merged from (
      select 1 from ${issues} i where ${anyOf(i.mergedInto, ids)} limit ${mergedMax}) x`);

/**
 * The winner was seen when any of them was, and is called by the newest event of all. Served by the primary keys of issues
 * and issue_details.
 */
export const nameWinner = (tx: Db, { winnerId, loserIds }: Merging): Statement =>
  tx.execute(sql`
    with merged as materialized (
      select ${l.id}, ${l.level}, ${l.label}, ${l.firstSeenAt} as first_seen, ${l.lastSeenAt} as last_seen, ${d.type}, ${d.title},
             ${d.culprit}, ${d.metadata}, ${d.searchText} as search_text
        from ${issues} l join ${issueDetails} d on ${d.issueId} = ${l.id} where ${anyOf(l.id, loserIds)}
    ), newest as materialized (
      select m.* from merged m join ${issues} i on ${i.id} = ${winnerId}
       where m.last_seen > ${i.lastSeenAt} order by m.last_seen desc, m.id desc limit 1
    ), renamed as (
      update ${issueDetails} d
         set ${columnNames(issueDetails, "type")} = coalesce(n.type, ${d.type}), ${columnNames(issueDetails, "title")} = coalesce(n.title, ${d.title}),
             ${columnNames(issueDetails, "culprit")} = coalesce(n.culprit, ${d.culprit}), ${columnNames(issueDetails, "metadata")} = coalesce(n.metadata, ${d.metadata}),
             ${columnNames(issueDetails, "searchText")} = left(concat_ws(E'\\n', n.search_text, ${d.searchText}, (
               select string_agg(m.search_text, E'\\n' order by m.id) from merged m)), ${searchCharsMax})
        from (select 1) one left join newest n on true where ${d.issueId} = ${winnerId}
    )
    update ${issues} i
       set ${columnNames(issues, "firstSeenAt")} = least(${i.firstSeenAt}, m.first_seen), ${columnNames(issues, "lastSeenAt")} = greatest(${i.lastSeenAt}, m.last_seen),
           ${columnNames(issues, "level")} = greatest(${i.level}, m.level),
           ${columnNames(issues, "label")} = case when exists (select 1 from newest) then (select label from newest) else ${i.label} end
      from (select min(first_seen) as first_seen, max(last_seen) as last_seen, max(level) as level from merged) m
     where ${i.id} = ${winnerId}`);

/** In no list any more, and what was merged into them before leads to the winner too. Served by issues_merged_into and the primary key of issues. */
export const hideMerged = (tx: Db, { winnerId, loserIds }: Merging): Statement =>
  tx
    .update(issues)
    .set({ mergedInto: winnerId })
    .where(sql`${anyOf(issues.id, loserIds)} or ${anyOf(issues.mergedInto, loserIds)}`);

/** From now on what led to the losers leads to the winner, and no rule takes any of it away. Served by issue_hashes_issue. */
export const redirectHashes = (tx: Db, { winnerId, loserIds }: Merging): Statement =>
  tx.execute(sql`
    update ${issueHashes}
       set ${columnNames(issueHashes, "issueId")} = ${winnerId}, ${columnNames(issueHashes, "isRegrouped")} = null,
           ${columnNames(issueHashes, "formerIssueId")} = coalesce(${issueHashes.formerIssueId}, nullif(${issueHashes.issueId}, ${winnerId}))
     where ${anyOf(issueHashes.issueId, loserIds)} or (${issueHashes.issueId} = ${winnerId} and ${issueHashes.isRegrouped})`);

/** Comments and what else happened, which is bounded. Served by issue_activities_issue. */
export const moveActivities = (tx: Db, { winnerId, loserIds }: Merging): Statement =>
  tx
    .update(issueActivities)
    .set({ issueId: winnerId })
    .where(anyOf(issueActivities.issueId, loserIds));

/** What was merged, as Sentry's clients read it. */
export const noteMerge = (
  tx: Db,
  winnerId: number,
  about: { userId: number | null; data: object; now: Date },
): Statement =>
  tx.execute(happeningsOf({ kind: "merge", ...about }, sql`${winnerId}::bigint`, sql``));

/** A chunk of a merge, and where the job is when there was less than that. */
export type MergeChunk = {
  winnerId: number;
  loserIds: number[];
  step: Step;
  next: object;
  limit: number;
  now: Date;
};

/**
 * A statement that does a chunk: while the job is where it was read and the winner is there, else nothing. Whoever takes
 * less than there may be goes on to what comes next.
 */
const chunked = (
  { winnerId, step, next, limit, now }: MergeChunk,
  work: SQL,
  done: SQL,
): SQL => sql`
  with ${heldJob(step)}, winner as materialized (
    select ${i.id} from ${issues} i where ${i.id} = ${winnerId} and exists (select 1 from job) for key share
  ), ${work} ${advanced(
    step,
    done,
    sql`case when (select count(*) from taken) < ${limit} then ${JSON.stringify(next)}::jsonb else ${JSON.stringify(step.at)}::jsonb end`,
    now,
  )}`;
const held = sql`exists (select 1 from winner)`;

/** Under the project's lock. Served by the primary key of issue_hours. */
export const moveHours = (tx: Db, of: MergeChunk): Statement =>
  tx.execute(
    chunked(
      of,
      sql`taken as (
        delete from ${issueHours} where (${issueHours.issueId}, ${issueHours.hour}) in (
          select ${h.issueId}, ${h.hour} from ${issueHours} h where ${anyOf(h.issueId, of.loserIds)} and ${held} limit ${of.limit})
        returning ${columnNames(issueHours, "hour", "count")}
      ), moved as (
        insert into ${issueHours} (${columnNames(issueHours, "hour", "issueId", "count")})
        select hour, ${of.winnerId}::bigint, sum(count) from taken group by hour order by hour
        on conflict (${columnNames(issueHours, "issueId", "hour")}) do update
          set ${columnNames(issueHours, "count")} = ${issueHours.count} + excluded.count
      )`,
      sql`0`,
    ),
  );

/** Under the project's lock. Served by the primary key of issue_tags. */
export const moveTags = (tx: Db, of: MergeChunk): Statement =>
  tx.execute(
    chunked(
      of,
      sql`taken as (
        delete from ${issueTags} where (${issueTags.issueId}, ${issueTags.tag}, ${issueTags.week}) in (
          select ${t.issueId}, ${t.tag}, ${t.week} from ${issueTags} t where ${anyOf(t.issueId, of.loserIds)} and ${held} limit ${of.limit})
        returning ${columnNames(issueTags, "week", "projectId", "key", "value", "tag", "count")}
      ), moved as (
        insert into ${issueTags} (${columnNames(issueTags, "week", "projectId", "issueId", "key", "value", "tag", "count")})
        select week, project_id, ${of.winnerId}::bigint, min(key), min(value), tag, sum(count) from taken
         group by week, project_id, tag order by tag, week
        on conflict (${columnNames(issueTags, "issueId", "tag", "week")}) do update
          set ${columnNames(issueTags, "count")} = ${issueTags.count} + excluded.count
      )`,
      sql`0`,
    ),
  );

/** Under the project's lock. Served by the primary keys of issue_users and issues. */
export const moveUsers = (tx: Db, of: MergeChunk): Statement =>
  tx.execute(
    chunked(
      of,
      sql`taken as (
        delete from ${issueUsers} where (${issueUsers.issueId}, ${issueUsers.userHash}) in (
          select ${u.issueId}, ${u.userHash} from ${issueUsers} u where ${anyOf(u.issueId, of.loserIds)} and ${held} limit ${of.limit})
        returning ${columnNames(issueUsers, "userHash")}
      ), moved as (
        insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
        select distinct ${of.winnerId}::bigint, user_hash from taken
         where (select ${i.userCount} from ${issues} i where ${i.id} = ${of.winnerId}) < ${peopleMax} order by 2
        on conflict do nothing
        returning 1
      ), counted as (
        update ${issues} i set ${columnNames(issues, "userCount")} = ${i.userCount} + (select count(*) from moved) where ${i.id} = ${of.winnerId}
      )`,
      sql`0`,
    ),
  );

/** Texts of one issue and four weeks at a time, which are bounded. Served by issue_texts_issue. */
export const moveTexts = (tx: Db, of: MergeChunk): Statement =>
  tx.execute(
    chunked(
      { ...of, limit: 1 },
      sql`taken as materialized (
        select ${y.issueId} as issue_id, ${y.since} from ${issueTexts} y where ${anyOf(y.issueId, of.loserIds)} and ${held} limit 1
      ), moved as (
        update ${issueTexts} y set ${columnNames(issueTexts, "issueId")} = ${of.winnerId}
          from taken where ${y.issueId} = taken.issue_id and ${y.since} = taken.since
      )`,
      sql`0`,
    ),
  );

/**
 * Events, counted on the one side and no longer on the other, and none of those that an ignored winner waits for; the digest waits for the winner's row alone. What is left of
 * the count when all are moved is of events that are not kept any more. Served by events_issue_received and the primary
 * keys of events, issues and issue_states.
 */
export const moveEvents = (tx: Db, of: MergeChunk): Statement =>
  tx.execute(
    chunked(
      of,
      sql`taken as materialized (
        select ${e.projectId} as project_id, ${e.eventId} as event_id, ${e.receivedAt} as received_at, ${e.issueId} as issue_id
          from ${events} e where ${anyOf(e.issueId, of.loserIds)} and ${held} limit ${of.limit}
      ), moved as (
        update ${events} e set ${columnNames(events, "issueId")} = ${of.winnerId} from taken
         where ${e.projectId} = taken.project_id and ${e.eventId} = taken.event_id and ${e.receivedAt} = taken.received_at
        returning taken.issue_id
      ), numbers as materialized (
        select issue_id, -count(*) as n from moved group by issue_id
        union all select ${of.winnerId}::bigint, count(*) from moved
      ), rebased as (
        update ${issueStates} set ${columnNames(issueStates, "eventsBefore")} = ${issueStates.eventsBefore} + (select count(*) from moved)
         where ${issueStates.issueId} = ${of.winnerId}
      ), counted as (
        update ${issues} i set ${columnNames(issues, "eventCount")} = greatest(0, ${i.eventCount} + n.n) from numbers n where ${i.id} = n.issue_id
      )`,
      sql`select count(*) from moved`,
    ),
  );

/** The end: what the losers counted of events that are not kept any more. Served by the primary keys of issues and issue_states. */
export const finishMerge = (tx: Db, { winnerId, loserIds, step, now }: MergeChunk): Statement =>
  tx.execute(sql`
    with ${heldJob(step)}, rest as materialized (
      select coalesce(sum(${l.eventCount}), 0) as n from ${issues} l where ${anyOf(l.id, loserIds)} and exists (select 1 from job)
    ), rebased as (
      update ${issueStates} set ${columnNames(issueStates, "eventsBefore")} = ${issueStates.eventsBefore} + rest.n
        from rest where ${issueStates.issueId} = ${winnerId}
    ), counted as (
      update ${issues} i set ${columnNames(issues, "eventCount")} = ${i.eventCount} + rest.n from rest where ${i.id} = ${winnerId}
    ) ${advanced(step, sql`0`, undefined, now)}`);
