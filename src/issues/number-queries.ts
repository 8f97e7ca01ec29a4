import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueHours, issues } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { tagOf } from "./tag-queries";

const e = alias(events, "e");
const h = alias(issueHours, "h");
const i = alias(issues, "i");
const p = alias(projects, "p");

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
  people: number;
  first: string | null;
  last: string | null;
  steps: Step[] | null;
};

/**
 * Numbers of some issues inside a period: by the hourly counters, and of their newest events, one by one. Served by the
 * primary keys of issues and issue_hours, and events_issue_received.
 */
export function selectNumbers(
  db: Db,
  orgIds: number[],
  ids: number[],
  { from, to, environments, stepSeconds, walkedMax }: NumbersAsked,
) {
  const [start, end] = [from, to].map((each) => sql`${each.toISOString()}::timestamptz`);
  const tags = environments.map((name) => BigInt(tagOf("environment", name)));
  const isIn =
    environments.length > 0 ? sql`coalesce(${anyOf(e.environment, tags)}, false)` : sql`true`;
  const step = sql`${stepSeconds}::bigint`;
  return db.execute<NumbersRow>(sql`
    select ${i.id}, ${i.eventCount} as "eventCount", ${i.userCount} as "userCount",
           ${iso(sql`${i.firstSeenAt}`)} as "firstSeenAt", ${iso(sql`${i.lastSeenAt}`)} as "lastSeenAt",
           counted.hours, walk.walked, walk.people, ${iso(sql`walk.first`)} as first, ${iso(sql`walk.last`)} as last, walk.steps
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
     where ${anyOf(i.id, ids)} and ${anyOf(i.orgId, orgIds)}`);
}

const iso = (moment: ReturnType<typeof sql>) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
