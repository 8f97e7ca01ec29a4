import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";

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

/**
 * Projects that are there, with how many issues came into being in each since the hour began. Served by the primary
 * keys of projects and issue_sequences.
 */
export const selectLiveProjects = (db: Db, ids: number[], hour: Date) =>
  db.execute<{ id: string; newInHour: number }>(sql`
    select p.id, case when s.hour >= ${hour.toISOString()}::timestamptz then s.new_in_hour else 0 end as "newInHour"
      from projects p left join issue_sequences s on s.project_id = p.id
     where p.id = any(${`{${ids.join(",")}}`}::bigint[]) and p.deleted_at is null`);

/** Nobody stored one of the events meanwhile, nor deleted a project. Served by the primary keys of events and projects. */
export const assertStillFresh = (tx: Db, events: EventSightings, projectIds: number[]): Statement =>
  tx.execute(sql`
    select assert_no_rows((select count(*) ${sameEvents(events)}) + (
      select count(*) from unnest(${`{${projectIds.join(",")}}`}::bigint[]) x(id)
       where not exists (select 1 from projects p where p.id = x.id and p.deleted_at is null)))`);

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
