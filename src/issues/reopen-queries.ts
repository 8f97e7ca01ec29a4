import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueActivities } from "../../drizzle/schema/activity";
import { events } from "../../drizzle/schema/events";
import { issueChanges, issueHashes, issues } from "../../drizzle/schema/issues";
import { releases } from "../../drizzle/schema/releases";
import { issueStates } from "../../drizzle/schema/states";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { sqlTemplate } from "../platform/sql-template";
import type { Arrival } from "./plan-arrivals";
import { restate } from "./state-queries";

const e = alias(events, "e");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const r = alias(releases, "r");
const s = alias(issueStates, "s");

/** Clocks differ: an event that happened so long before an issue was resolved happened after it. */
const toleratedSeconds = 60;
const tolerated = sql.raw(`interval '${toleratedSeconds} seconds'`);

/** The versions of `c`, what a resolved issue waits for, and `x`, an event's, tell which came first. */
const areVersions = fixedSql(
  sql`(x.key is not null and c.release_key is not null and x.package = c.release_package)`,
);

/** By versions, else by first sight: a release that has no row yet is seen for the first time. */
const isLater = fixedSql(sql`case
      when x.release = c.release then c.rule = 'release' and not c.was_seen_in_release
      when ${areVersions} then x.key collate "C" > c.release_key collate "C" or (x.key = c.release_key and x.build > c.release_build)
      else not exists (
        select 1 from ${releases} r join ${releases} e on ${r.orgId} = c.org_id and e.org_id = c.org_id
         where ${r.version} = c.release and e.version = x.release and (e.created_at, e.id) < (${r.createdAt}, ${r.id})) end`);

/** So many events, each pair of the first and the last no further apart than the window; the batch's own are stored. */
const areWithinWindow = (lookedAt: SQL) => sql`exists (
        select 1 from (
          select seen.at, lag(seen.at, c.wanted - 1) over (order by seen.at) as earlier from (
            select ${e.receivedAt} as at from ${events} e
             where ${e.issueId} = c.id and ${e.receivedAt} > greatest(c.since, x.received_at - 2 * c.duration)
             order by ${e.receivedAt} desc limit ${lookedAt}) seen) spans
         where spans.at - spans.earlier <= c.duration)`;

const arePeopleEnough = (lookedAt: SQL) => sql`(
        select count(distinct seen.who) from (
          select ${e.userHash} as who from ${events} e
           where ${e.issueId} = c.id and ${e.receivedAt} > greatest(c.since, x.received_at - c.duration)
           order by ${e.receivedAt} desc limit ${lookedAt}) seen) >= c.wanted`;

const reopening = sqlTemplate<"arrivals" | "overflow" | "lookedAt">(
  (value) => sql`
    with x as materialized (
      select * from json_to_recordset(${value("arrivals")}::json) as x(
        n integer, project_id bigint, hashes text[], event_id text, happened_at timestamptz, received_at timestamptz,
        release text, package text, key text, build bigint)
    ), led as materialized (
      select distinct on (x.n) x.n, ${h.issueId} as issue_id
        from x cross join lateral unnest(x.hashes || ${value("overflow")}::text) with ordinality as w(hash, ord)
        join ${issueHashes} h on ${h.projectId} = x.project_id and ${h.hash} = w.hash
       order by x.n, (w.ord = 1) desc, (w.hash = ${value("overflow")}), ${h.issueId} desc
    ), c as materialized (
      select ${i.id}, ${i.orgId} as org_id, ${i.status}, coalesce(${i.statusChangedAt}, '-infinity') as since, ${i.eventCount} as event_count,
             ${s.rule}, ${s.release}, ${s.releasePackage} as release_package, ${s.releaseKey} as release_key, ${s.releaseBuild} as release_build,
             coalesce(${s.wasSeenInRelease}, true) as was_seen_in_release, ${s.wanted}, ${s.windowMinutes} as window_minutes,
             coalesce(make_interval(mins => ${s.windowMinutes}), interval '100 years') as duration, ${s.eventsBefore} as events_before
        from ${issues} i left join ${issueStates} s on ${s.issueId} = ${i.id} and ${s.since} = ${i.statusChangedAt}
       where ${i.id} in (select issue_id from led) and ${i.status} <> 'unresolved'
       order by ${i.id} for update of i
    ), came as materialized (
      select distinct on (c.id) c.id, x.event_id, 'regressed' as substatus, 'set_regression' as kind,
             jsonb_strip_nulls(jsonb_build_object('event_id', x.event_id, 'version', x.release, 'resolved_in_version', c.release,
               'follows_semver', case when c.release is not null then ${areVersions} end)) as data
        from c join led on led.issue_id = c.id join x using (n)
       where c.status = 'resolved' and x.happened_at > c.since - ${tolerated}
         and (coalesce(c.rule, 'commit') = 'commit' or (x.release is not null and ${isLater}))
       order by c.id, x.happened_at, x.event_id
    ), met as materialized (
      select distinct on (c.id) c.id, x.event_id, 'escalating' as substatus, 'set_escalating' as kind,
             jsonb_strip_nulls(jsonb_build_object('event_id', x.event_id, 'ignoreUntilNext', case when c.rule = 'next_event' then true end,
               'ignoreCount', case when c.rule = 'events' then c.wanted end, 'ignoreWindow', case when c.rule = 'events' then c.window_minutes end,
               'ignoreUserCount', case when c.rule = 'users' then c.wanted end,
               'ignoreUserWindow', case when c.rule = 'users' then c.window_minutes end)) as data
        from c join led on led.issue_id = c.id join x using (n)
       where c.status = 'ignored' and x.received_at > c.since
         and case c.rule
           when 'next_event' then true
           when 'events' then case
             when c.window_minutes is null then c.event_count - c.events_before >= c.wanted
             else ${areWithinWindow(value("lookedAt"))} end
           when 'users' then ${arePeopleEnough(value("lookedAt"))}
           else false end
       order by c.id, x.received_at, x.event_id
    ), reopened as materialized (
      select * from came union all select * from met
    ), opened as (
      update ${issues} set ${columnNames(issues, "status")} = 'unresolved', ${columnNames(issues, "statusChangedAt")} = now()
        from reopened where ${issues.id} = reopened.id
    ), stated as (
      ${restate(sql`id, now(), substatus, null::integer from reopened order by id`)}
    ), happened as (
      insert into ${issueActivities} (${columnNames(issueActivities, "issueId", "kind", "data", "createdAt")})
      select id, kind, data, now() from reopened order by id
    )
    insert into ${issueChanges} (${columnNames(issueChanges, "issueId", "change", "eventId")})
    select id, substatus, event_id from reopened order by id
    returning ${columnNames(issueChanges, "id")}, ${columnNames(issueChanges, "issueId")} as "issueId", ${columnNames(issueChanges, "change")}`,
);

/**
 * Opens issues that people were done with, where what was just stored ends that: a resolved one by an event that happened
 * since, of a later release where it was resolved in one; an archived one when its condition is met. Writes what happened,
 * and answers with the changes. Under the projects' locks. Served by the primary keys of issue_hashes, issues and
 * issue_states, releases_org_version and events_issue_received.
 */
export const reopenIssues = (
  tx: Db,
  arrivals: Arrival[],
  { overflowHash, windowedMax }: { overflowHash: string; windowedMax: number },
): Statement =>
  tx.execute(
    reopening({
      arrivals: JSON.stringify(arrivals),
      overflow: overflowHash,
      lookedAt: 2 * windowedMax,
    }),
  );
