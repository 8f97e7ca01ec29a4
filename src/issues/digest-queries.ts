import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { IssuePlan } from "./plan";
import { firstTagOf, lastTagOf, tagOf } from "./tag-queries";

/** Events with when they were received, and the time around each in which the same id is the same event. */
export type EventSightings = { rows: string; from: Date; to: Date; windowSeconds: number };

/** The outer bounds are constants, so that other weeks' partitions are not even opened. */
const sameEvents = ({ rows, from, to, windowSeconds }: EventSightings) => sql`
      from json_to_recordset(${rows}::json) as x(project_id bigint, event_id uuid, received_at timestamptz)
      join events e on e.project_id = x.project_id and e.event_id = x.event_id
       and e.received_at between x.received_at - make_interval(secs => ${windowSeconds})
                             and x.received_at + make_interval(secs => ${windowSeconds})
     where e.received_at between ${from.toISOString()}::timestamptz and ${to.toISOString()}::timestamptz`;

/** Served by the primary key of events, one probe per event and partition of the time around it. */
export const selectKnownEvents = (db: Db, events: EventSightings) =>
  db.execute<{ project_id: string; event_id: string; received_at: string }>(sql`
    select e.project_id, e.event_id, e.received_at ${sameEvents(events)}`);

/** Hashes that lead to an issue already. Served by the primary key of issue_hashes. */
export const selectKnownHashes = (db: Db, pairs: string) =>
  db.execute<{ project_id: string; hash: string }>(sql`
    select h.project_id, h.hash
      from json_to_recordset(${pairs}::json) as x(project_id bigint, hash text)
      join issue_hashes h on h.project_id = x.project_id and h.hash = x.hash`);

/** What was left unsaid of a group, because its issue is there, must still be there. */
export const assertKnownHashes = (tx: Db, pairs: string): Statement =>
  tx.execute(sql`
    select assert_no_rows(count(*) filter (where h.issue_id is null))
      from json_to_recordset(${pairs}::json) as x(project_id bigint, hash text)
      left join issue_hashes h on h.project_id = x.project_id and h.hash = x.hash`);

/** Served by the primary key of projects. */
export const selectLiveProjects = (db: Db, ids: number[]) =>
  db.execute<{ id: string }>(
    sql`select id from projects where id = any(${`{${ids.join(",")}}`}::bigint[]) and deleted_at is null`,
  );

/** Ascending ids, so that two batches never wait for each other. Held until the commit. */
export const lockProjects = (tx: Db, ids: number[]): Statement =>
  tx.execute(sql`
    select pg_advisory_xact_lock(id)
      from unnest(${`{${ids.join(",")}}`}::bigint[]) with ordinality as x(id, n) order by n`);

/** The same, for transactions that are not to wait with a connection: all of them at once, or SQLSTATE FL001. */
export const tryLockProjects = (tx: Db, ids: number[]): Statement =>
  tx.execute(sql`select try_lock_projects(${`{${ids.join(",")}}`}::bigint[])`);

/** Served by the primary key of events. */
export const assertUnknownEvents = (tx: Db, events: EventSightings): Statement =>
  tx.execute(sql`select assert_no_rows(count(*)) ${sameEvents(events)}`);

/**
 * Distinct values of a tag that are counted per issue and week; further new ones are on their events only. People
 * are counted exactly in issue_users, so that their tags need no more than a glimpse.
 */
const tagValuesMax = sql.raw("100");
const personValuesMax = sql.raw("20");
/** Tags of ours that never have many values: not worth a look at how many there are. */
const fewValued = sql.raw("'{handled,os.name,browser.name,environment}'::text[]");

/**
 * One statement for a whole batch. A group of events belongs to the issue that owns its primary hash, else to the
 * newest issue that owns any of its hashes, else to a new one; all its hashes then lead there. A resolved issue
 * that gets an event is unresolved again. Runs under the projects' locks, so there is no race to decide. Groups whose
 * issue is known come without what only a new issue needs; assertKnownHashes has made sure of them.
 * Served by the primary keys of issue_hashes, issues, issue_tags, issue_hours and issue_users.
 */
export function storePlan(tx: Db, plan: IssuePlan): Statement {
  const { tags } = plan;
  const weeks = [...new Set(tags.map(({ week }) => week))].toSorted();
  // Told as constants, so that the other weeks' partitions are not even opened.
  const firstWeek = sql`${weeks[0] ?? "epoch"}::timestamptz`;
  const lastWeek = sql`${weeks.at(-1) ?? "epoch"}::timestamptz`;
  return tx.execute(sql`
    with g as materialized (
      select * from json_to_recordset(${JSON.stringify(plan.groups)}::json) as x(
        g integer, org_id bigint, project_id bigint, hashes text[], level smallint, type text, title text,
        culprit text, metadata jsonb, platform text, logger text, grouping jsonb, search_text text,
        event_id text, first_seen timestamptz, last_seen timestamptz, count integer)
    ), hash_input as materialized (
      select g.g, g.project_id, h.hash, h.ord from g cross join lateral unnest(g.hashes) with ordinality as h(hash, ord)
    ), resolved as materialized (
      select distinct on (i.g) i.g, h.issue_id
        from hash_input i join issue_hashes h on h.project_id = i.project_id and h.hash = i.hash
       order by i.g, (i.ord = 1) desc, h.issue_id desc
    ), before as materialized (
      select id, status from issues where id in (select issue_id from resolved) order by id for update
    ), fresh as materialized (
      select g.*, row_number() over (partition by project_id order by g) as n,
             count(*) over (partition by project_id) as of_project
        from g where g.g not in (select r.g from resolved r)
    ), numbers as (
      insert into issue_sequences (project_id, last_number)
      select project_id, count(*) from fresh group by project_id order by project_id
      on conflict (project_id) do update set last_number = issue_sequences.last_number + excluded.last_number
      returning project_id, last_number
    ), born as materialized (
      select f.g, nextval(pg_get_serial_sequence('issues', 'id')) as issue_id,
             s.last_number - f.of_project + f.n as short_number
        from fresh f join numbers s using (project_id)
    ), target as materialized (
      select g, issue_id from resolved union all select g, issue_id from born
    ), new_users as (
      insert into issue_users (issue_id, user_hash)
      select distinct t.issue_id, u.user_hash
        from json_to_recordset(${JSON.stringify(plan.users)}::json) as u(g integer, user_hash bigint) join target t using (g)
       order by 1, 2
      on conflict do nothing
      returning issue_id
    ), user_counts as materialized (
      select issue_id, count(*) as n from new_users group by issue_id
    ), totals as materialized (
      select t.issue_id, sum(g.count) as n, min(g.first_seen) as first_seen, max(g.last_seen) as last_seen,
             min(g.event_id) as event_id
        from g join target t using (g) group by t.issue_id
    ), inserted as (
      insert into issues (id, org_id, project_id, short_number, level, event_count, user_count, first_seen_at, last_seen_at)
      overriding system value
      select b.issue_id, f.org_id, f.project_id, b.short_number, f.level, f.count, coalesce(u.n, 0), f.first_seen, f.last_seen
        from born b join fresh f using (g) left join user_counts u using (issue_id)
    ), described as (
      insert into issue_details (issue_id, project_id, type, title, culprit, metadata, platform, logger, grouping, search_text)
      select b.issue_id, f.project_id, f.type, f.title, f.culprit, f.metadata, f.platform, f.logger, f.grouping, f.search_text
        from born b join fresh f using (g)
    ), updated as (
      update issues i
         set event_count = i.event_count + t.n,
             user_count = i.user_count + coalesce(u.n, 0),
             first_seen_at = least(i.first_seen_at, t.first_seen),
             last_seen_at = greatest(i.last_seen_at, t.last_seen),
             status = case when i.status = 'resolved' then 'unresolved' else i.status end,
             status_changed_at = case when i.status = 'resolved' then now() else i.status_changed_at end
        from totals t left join user_counts u using (issue_id)
       where i.id = t.issue_id and i.id in (select id from before)
    ), hashed as (
      insert into issue_hashes (project_id, hash, issue_id)
      select distinct on (i.project_id, i.hash) i.project_id, i.hash, t.issue_id
        from hash_input i join target t using (g)
       order by i.project_id, i.hash, t.issue_id
      on conflict do nothing
    ), stored as (
      insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
      select e.received_at, e.project_id, t.issue_id, e.event_id, ${plan.segmentId}::uuid, e.at, e.size
        from json_to_recordset(${JSON.stringify(plan.events)}::json) as e(
          g integer, project_id bigint, event_id uuid, received_at timestamptz, at integer, size integer)
        join target t using (g)
    ), tag_input as materialized (
      select (${textArray(weeks)}::timestamptz[])[x.week] as week, g.project_id, t.issue_id, x.key, x.value,
             ${tagOf(sql`x.key`, sql`x.value`)} as tag, sum(x.count) as count
        from unnest(${`{${tags.map(({ g }) => g).join(",")}}`}::integer[],
                    ${`{${tags.map(({ week }) => weeks.indexOf(week) + 1).join(",")}}`}::integer[],
                    ${textArray(tags.map(({ key }) => key))}::text[],
                    ${textArray(tags.map(({ value }) => value))}::text[],
                    ${`{${tags.map(({ count }) => count).join(",")}}`}::integer[]) as x(g, week, key, value, count)
        join g using (g) join target t using (g)
       group by 1, g.project_id, t.issue_id, x.key, x.value
    ), tagged as (
      insert into issue_tags (week, project_id, issue_id, key, value, tag, count)
      select week, project_id, issue_id, key, value, tag, count
        from tag_input i
       where case
         when i.key = any(${fewValued}) or i.issue_id in (select issue_id from born) then true
         -- Counted, not EXISTS: that may be answered by hashing the whole week.
         when (
           select count(*) from issue_tags k
            where k.issue_id = i.issue_id and k.tag = i.tag
              and k.week = i.week and k.week between ${firstWeek} and ${lastWeek}) > 0 then true
         else (
           select count(*) from (
             select 1 from issue_tags k
              where k.issue_id = i.issue_id and k.tag between ${firstTagOf(sql`i.key`)} and ${lastTagOf(sql`i.key`)}
                and k.week = i.week and k.week between ${firstWeek} and ${lastWeek}
              limit ${tagValuesMax}) known
         ) < case when i.key like 'user.%' then ${personValuesMax} else ${tagValuesMax} end
       end
       order by issue_id, tag, week
      on conflict (issue_id, tag, week) do update set count = issue_tags.count + excluded.count
    ), counted as (
      insert into issue_hours (hour, issue_id, count)
      select x.hour, t.issue_id, sum(x.count)
        from json_to_recordset(${JSON.stringify(plan.hours)}::json) as x(g integer, hour timestamptz, count integer)
        join target t using (g)
       group by x.hour, t.issue_id
       order by t.issue_id, x.hour
      on conflict (issue_id, hour) do update set count = issue_hours.count + excluded.count
    )
    insert into issue_changes (issue_id, change, event_id)
    select t.issue_id, case when b.id is null then 'created' else 'regressed' end, t.event_id
      from totals t left join before b on b.id = t.issue_id
     where b.id is null or b.status = 'resolved'
     order by t.issue_id
    returning id, issue_id as "issueId", change`);
}

/** PostgreSQL's literal of a text array: a fraction of the work that JSON is for thousands of short values. */
const textArray = (values: string[]) =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** Served by issue_changes_unhandled. */
export const selectUnhandledChanges = (db: Db, before: Date, limit: number) =>
  db.execute<{ id: string; issueId: string; change: "created" | "regressed" }>(sql`
    select id, issue_id as "issueId", change from issue_changes
     where handled_at is null and created_at < ${before.toISOString()}
     order by created_at, id limit ${limit}`);

/** Served by the primary key of issue_changes. */
export const markChangesHandled = (db: Db, ids: number[], at: Date): Statement =>
  db.execute(sql`
    update issue_changes set handled_at = ${at.toISOString()}
     where id = any(${`{${ids.join(",")}}`}::bigint[]) and handled_at is null`);

/**
 * A chunk of the issues of a project that is going, with their tags, hours and events. Served by
 * issues_project_last_seen, the primary keys of issue_tags and issue_hours, and events_issue_received.
 */
export const deleteIssuesOfProject = (db: Db, projectId: number, limit: number) =>
  db.execute<{ id: string }>(sql`
    with chosen as materialized (
      select id from issues where project_id = ${projectId} order by last_seen_at, id limit ${limit} for update
    ), tags as (
      delete from issue_tags where issue_id in (select id from chosen)
    ), hours as (
      delete from issue_hours where issue_id in (select id from chosen)
    ), gone as (
      delete from events where issue_id in (select id from chosen)
    )
    delete from issues where id in (select id from chosen) returning id`);

/** Served by issues_org_last_seen, a few per organization and run. */
export const deleteStaleIssues = (db: Db, cutoff: Date): Statement =>
  db.execute(sql`
    delete from issues where id in (
      select stale.id from organizations o cross join lateral (
        select id from issues where org_id = o.id and last_seen_at < ${cutoff.toISOString()}
         order by last_seen_at limit 200) stale
       limit 5000)`);

/** Served by the primary key of issue_changes: the oldest are the handled ones. */
export const deleteHandledChanges = (db: Db, cutoff: Date): Statement =>
  db.execute(sql`
    delete from issue_changes where id in (
      select id from issue_changes
       where handled_at < ${cutoff.toISOString()} order by id limit 5000)`);
