import { type SQL, sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { OverflowIssue } from "./overflow";
import type { IssuePlan } from "./plan";
import { tagSteps } from "./tag-queries";

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

/** Nobody stored one of the events meanwhile, nor deleted a project. Served by the primary keys of events and projects. */
export const assertStillFresh = (tx: Db, events: EventSightings, projectIds: number[]): Statement =>
  tx.execute(sql`
    select assert_no_rows((select count(*) ${sameEvents(events)}) + (
      select count(*) from unnest(${`{${projectIds.join(",")}}`}::bigint[]) x(id)
       where not exists (select 1 from projects p where p.id = x.id and p.deleted_at is null)))`);

/** People of an issue that are counted exactly; from there on the number is a lower bound. */
const peopleMax = sql.raw("10000");
/** Hashes that lead to an issue. A group that was found by one of them needs no more. */
const hashesMax = sql.raw("100");

/** What a project may bring into being, and how the rest is counted: a feature's rows, as a statement of another. */
export type Bounds = {
  /** 0: no limit. */
  newIssuesPerHour: number;
  /** Milliseconds since 1970, a whole hour. */
  hour: number;
  /** Where groups go that may not make an issue of their own. */
  overflow: OverflowIssue;
  count: (rows: SQL) => SQL;
};

/**
 * One statement for a whole batch. A group of events belongs to the issue that owns its primary hash, else to the
 * newest issue that owns any of its hashes, else to a new one; all its hashes then lead there. Groups beyond the new
 * issues that a project may have in an hour go to its overflow issue, and their hashes lead nowhere, so that later
 * they get issues of their own. A resolved issue that gets an event is unresolved again. Runs under the projects'
 * locks, so there is no race to decide. Groups whose issue is known come without what only a new issue needs;
 * assertKnownHashes has made sure of them.
 * Served by the primary keys of issue_hashes, issues, issue_sequences, issue_tags, issue_hours and issue_users, and by
 * issue_hashes_issue.
 */
export function storePlan(tx: Db, plan: IssuePlan, bounds: Bounds): Statement {
  const { newIssuesPerHour, hour, overflow, count } = bounds;
  const isBounded = sql`${newIssuesPerHour}::integer > 0`;
  return tx.execute(sql`
    with g as materialized (
      select * from json_to_recordset(${JSON.stringify(plan.groups)}::json) as x(
        g integer, org_id bigint, project_id bigint, hashes text[], level smallint, type text, title text,
        culprit text, metadata jsonb, platform text, logger text, grouping jsonb, search_text text,
        event_id text, first_seen timestamptz, last_seen timestamptz, count integer)
    ), hash_input as materialized (
      select g.g, g.project_id, h.hash, h.ord from g cross join lateral unnest(g.hashes) with ordinality as h(hash, ord)
    ), known as materialized (
      select i.g, i.hash, i.ord, h.issue_id
        from hash_input i join issue_hashes h on h.project_id = i.project_id and h.hash = i.hash
    ), resolved as materialized (
      select distinct on (g) g, issue_id from known order by g, (ord = 1) desc, issue_id desc
    ), fresh as materialized (
      select g.*, row_number() over (partition by project_id order by g) as n
        from g where g.g not in (select r.g from resolved r)
    ), room as materialized (
      select f.project_id, f.org_id, f.of_project, h.issue_id as overflow_id,
             greatest(0, ${newIssuesPerHour}::integer - case when s.hour >= ${iso(hour)}::timestamptz then s.new_in_hour else 0 end) as room
        from (select project_id, min(org_id) as org_id, count(*) as of_project from fresh group by project_id) f
        left join issue_sequences s on s.project_id = f.project_id
        left join issue_hashes h on h.project_id = f.project_id and h.hash = ${overflow.hash}
       where ${isBounded}
    ), crowded as materialized (
      select f.g, f.project_id, r.overflow_id from fresh f join room r using (project_id) where f.n > r.room
    ), before as materialized (
      select id, status, user_count from issues
       where id in (select issue_id from resolved union all select overflow_id from crowded) order by id for update
    ), newcomers as materialized (
      select g, project_id, n from fresh where g not in (select c.g from crowded c)
      union all
      -- The overflow issue itself.
      select null, project_id, room + 1 from room where overflow_id is null and of_project > room
    ), numbers as (
      insert into issue_sequences (project_id, last_number, hour, new_in_hour)
      select project_id, count(*), ${iso(hour)}::timestamptz, count(g) from newcomers group by project_id order by project_id
      on conflict (project_id) do update
        set last_number = issue_sequences.last_number + excluded.last_number,
            new_in_hour = excluded.new_in_hour +
              case when issue_sequences.hour >= excluded.hour then issue_sequences.new_in_hour else 0 end,
            hour = greatest(issue_sequences.hour, excluded.hour)
      returning project_id, last_number
    ), born as materialized (
      select n.g, n.project_id, nextval(pg_get_serial_sequence('issues', 'id')) as issue_id,
             s.last_number - count(*) over (partition by n.project_id) + n.n as short_number
        from newcomers n join numbers s using (project_id)
    ), target as materialized (
      select g, issue_id, false as is_new from resolved
      union all select g, issue_id, true from born where g is not null
      union all
      select c.g, coalesce(c.overflow_id, b.issue_id), false
        from crowded c left join born b on b.project_id = c.project_id and b.g is null
    ), new_users as (
      insert into issue_users (issue_id, user_hash)
      select distinct t.issue_id, u.user_hash
        from json_to_recordset(${JSON.stringify(plan.users)}::json) as u(g integer, user_hash bigint)
        join target t using (g) left join before b on b.id = t.issue_id
       where b.id is null or b.user_count < ${peopleMax}
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
      select b.issue_id, coalesce(f.org_id, r.org_id), b.project_id, b.short_number, coalesce(f.level, ${overflow.level}::smallint),
             t.n, coalesce(u.n, 0), t.first_seen, t.last_seen
        from born b join totals t using (issue_id) left join user_counts u using (issue_id)
        left join fresh f on f.g = b.g left join room r on r.project_id = b.project_id
    ), described as (
      insert into issue_details (issue_id, project_id, type, title, culprit, metadata, platform, logger, grouping, search_text)
      select b.issue_id, f.project_id, f.type, f.title, f.culprit, f.metadata, f.platform, f.logger, f.grouping, f.search_text
        from born b join fresh f using (g)
      union all
      select b.issue_id, b.project_id, 'default', ${overflow.title}, '', ${JSON.stringify(overflow.metadata)}::jsonb, null, null,
             ${JSON.stringify(overflow.grouping)}::jsonb, ${overflow.title}
        from born b where b.g is null
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
      select distinct on (project_id, hash) project_id, hash, issue_id from (
        select i.project_id, i.hash, t.issue_id
          from hash_input i join target t using (g)
         where not exists (select 1 from known k where k.g = i.g and k.hash = i.hash)
           and i.g not in (select c.g from crowded c)
           and (t.is_new or (
             select count(*) from (select 1 from issue_hashes h where h.issue_id = t.issue_id limit ${hashesMax}) led
           ) < ${hashesMax})
        union all
        select project_id, ${overflow.hash}, issue_id from born where g is null) led
       order by project_id, hash, issue_id
      on conflict do nothing
    ), stored as (
      insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
      select e.received_at, e.project_id, t.issue_id, e.event_id, ${plan.segmentId}::uuid, e.at, e.size
        from json_to_recordset(${JSON.stringify(plan.events)}::json) as e(
          g integer, project_id bigint, event_id uuid, received_at timestamptz, at integer, size integer)
        join target t using (g)
    ), ${tagSteps(plan.tags)}, hour_input as materialized (
      select * from json_to_recordset(${JSON.stringify(plan.hours)}::json) as x(g integer, hour timestamptz, count integer)
    ), counted as (
      insert into issue_hours (hour, issue_id, count)
      select x.hour, t.issue_id, sum(x.count) from hour_input x join target t using (g)
       group by x.hour, t.issue_id
       order by t.issue_id, x.hour
      on conflict (issue_id, hour) do update set count = issue_hours.count + excluded.count
    ), told as (
      ${count(sql`(
        select c.project_id, x.hour, 'issue' as category, 'filtered' as outcome, 'new_issues_limit' as reason, x.count as quantity
          from hour_input x join crowded c using (g)) beyond`)}
    )
    insert into issue_changes (issue_id, change, event_id)
    select t.issue_id, case when b.id is null then 'created' else 'regressed' end, t.event_id
      from totals t left join before b on b.id = t.issue_id
     where b.id is null or b.status = 'resolved'
     order by t.issue_id
    returning id, issue_id as "issueId", change`);
}

const iso = (ms: number) => new Date(ms).toISOString();

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
