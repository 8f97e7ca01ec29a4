import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueHours, issues, issueTags } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { tagOf } from "./tag-queries";

const e = alias(events, "e");
const h = alias(issueHours, "h");
const i = alias(issues, "i");
const p = alias(projects, "p");
const t = alias(issueTags, "t");

export type NumbersAsked = {
  from: Date;
  to: Date;
  /** Empty: of any. */
  environments: string[];
  stepSeconds: number;
  /** The newest events of an issue that are looked at one by one. */
  walkedMax: number;
};

/** Beginning of a step in seconds since 1970, events in it, people among these. */
type Step = [at: number, events: number, people: number];

export type NumbersRow = {
  id: string;
  eventCount: string;
  userCount: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** By the hourly counters, which know no environment. */
  hours: [at: number, events: number][] | null;
  walked: number;
  /** Where not all were walked: events of the environments, by the weekly counts of the tag and the hours of each week. */
  estimate: number | null;
  /** Likewise: the first one of the environments among the oldest in the period. */
  oldest: string | null;
  people: number;
  first: string | null;
  last: string | null;
  steps: Step[] | null;
};

/**
 * Numbers of some issues inside a period: by the hourly counters, and of their newest events, one by one. Where there
 * are more of these, the weekly counts of the environments' tags say how many there may be. Served by the primary keys of
 * issues, issue_hours and issue_tags, and events_issue_received.
 */
export function selectNumbers(
  db: Db,
  orgIds: number[],
  ids: number[],
  { from, to, environments, stepSeconds, walkedMax }: NumbersAsked,
) {
  const [start, end] = [momentOf(from), momentOf(to)];
  const tags = environments.map((name) => BigInt(tagOf("environment", name)));
  const isIn =
    environments.length > 0 ? sql`coalesce(${anyOf(e.environment, tags)}, false)` : sql`true`;
  const step = sql`${stepSeconds}::bigint`;
  const isCut = sql`walk.walked = ${walkedMax}::integer`;
  return db.execute<NumbersRow>(sql`
    select ${i.id}, ${i.eventCount} as "eventCount", ${i.userCount} as "userCount",
           ${iso(sql`${i.firstSeenAt}`)} as "firstSeenAt", ${iso(sql`${i.lastSeenAt}`)} as "lastSeenAt",
           counted.hours, walk.walked, walk.people, beyond.estimate, ${iso(sql`beyond.oldest`)} as oldest, ${iso(sql`walk.first`)} as first, ${iso(sql`walk.last`)} as last, walk.steps
      from ${issues} i
      join ${projects} p on ${p.id} = ${i.projectId} and ${p.deletedAt} is null
     cross join lateral (
       select json_agg(json_build_array(at, n) order by at) as hours from (
         select (extract(epoch from ${h.hour})::bigint / ${step}) * ${step} as at, sum(${h.count})::integer as n
           from ${issueHours} h where ${h.issueId} = ${i.id} and ${h.hour} >= date_trunc('hour', ${start}) and ${h.hour} <= ${end}
          group by 1) x
     ) counted
     cross join lateral (
       with w as materialized (
         select ${e.receivedAt} as received_at, ${e.userHash} as user_hash, ${isIn} as is_in from ${events} e
          where ${e.issueId} = ${i.id} and ${e.receivedAt} >= ${start} and ${e.receivedAt} <= ${end}
          order by ${e.receivedAt} desc limit ${walkedMax}
       )
       select (select count(*)::integer from w) as walked, count(distinct user_hash)::integer as people,
              min(received_at) as first, max(received_at) as last,
              (select json_agg(json_build_array(at, n, people) order by at) from (
                select (extract(epoch from received_at)::bigint / ${step}) * ${step} as at, count(*)::integer as n,
                       count(distinct user_hash)::integer as people
                  from w where is_in group by 1) y) as steps
         from w where is_in
     ) walk
     cross join lateral (
       select case when ${isCut} then (
                select round(sum(weekly.count * coalesce(${within(start, end)} / nullif(weekly.hours, 0), 1)))::integer
                  from (
                    select ${t.week} as week, sum(${t.count}) as count, (
                        select sum(${h.count}) from ${issueHours} h
                         where ${h.issueId} = ${i.id} and ${h.hour} >= ${t.week} and ${h.hour} < ${t.week} + interval '7 days') as hours
                      from ${issueTags} t
                     where ${t.issueId} = ${i.id} and ${anyOf(t.tag, tags)}
                       and ${t.week} > ${start} - interval '7 days' and ${t.week} <= ${end}
                     group by ${t.week}) weekly) end as estimate,
              case when ${isCut} then (
                select min(received_at) from (
                  select ${e.receivedAt} as received_at, ${isIn} as is_in from ${events} e
                   where ${e.issueId} = ${i.id} and ${e.receivedAt} >= ${start} and ${e.receivedAt} <= ${end}
                   order by ${e.receivedAt} limit ${walkedMax}) first where is_in) end as oldest
     ) beyond
     where ${anyOf(i.id, ids)} and ${anyOf(i.orgId, orgIds)} and ${i.mergedInto} is null`);
}

const momentOf = (moment: Date): SQL => sql`${moment.toISOString()}::timestamptz`;

/** Events of a week that are inside the period, as a fraction can be made of. */
const within = (start: SQL, end: SQL): SQL => sql`(
  select coalesce(sum(${h.count}), 0) from ${issueHours} h
   where ${h.issueId} = ${i.id} and ${h.hour} >= greatest(weekly.week, date_trunc('hour', ${start}))
     and ${h.hour} < weekly.week + interval '7 days' and ${h.hour} <= ${end})`;

const iso = (moment: ReturnType<typeof sql>) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
