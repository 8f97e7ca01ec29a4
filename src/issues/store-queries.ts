import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import {
  issueChanges,
  issueDetails,
  issueHashes,
  issueHours,
  issueSequences,
  issues,
  issueUsers,
} from "../../drizzle/schema/issues";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { sqlTemplate } from "../platform/sql-template";
import type { OverflowIssue } from "./overflow";
import type { IssuePlan } from "./plan";
import { tagSteps } from "./tag-queries";
import { textSteps } from "./text-queries";

const d = alias(issueDetails, "d");
const h = alias(issueHashes, "h");
const i = alias(issues, "i");
const s = alias(issueSequences, "s");

/** People of an issue that are counted exactly; from there on the number is a lower bound. */
export const peopleMax = sql.raw("10000");
/** What an issue is called now is found by its title and culprit; what it was called before, up to this length. */
export const searchCharsMax = sql.raw("4000");
/** Hashes that lead to an issue. A group that was found by one of them needs no more. */
const hashesMax = sql.raw("100");

/** Events of an hour from which on an issue may escalate (src/issues/escalation.ts). */
const busyMin = sql.raw("10");

/** What a project may bring into being, and how the rest is counted: a feature's rows, as a statement of another. */
export type Bounds = {
  /** 0: no limit. */
  newIssuesPerHour: number;
  /** Milliseconds since 1970, a whole hour. */
  hour: number;
  /** Where groups go that may not make an issue of their own. */
  overflow: OverflowIssue;
  count: (rows: SQL) => SQL;
  /** Whether there may be such groups. If not, and there are some after all, the statement fails as a conflict. */
  isCrowded: boolean;
};

/**
 * One statement for a whole batch:
 *
 *     chooseIssues   g, hash_input, known, resolved ─┐
 *                    fresh, room, crowded ── newcomers, numbers, new_issues ─── target: the issue of each group
 *     writeIssues    new_users, user_counts, totals, named ── inserted, described, renamed, updated, hashed
 *     writeFacts     stored (events), tagged, worded, counted (hours), turned_away
 *     and the new issues, as rows of the outbox, and those that are busy in this hour: the answer
 *
 * Runs under the projects' locks, so there is no race to decide. Groups whose issue is known come without what only a
 * new issue needs; assertKnownHashes has made sure of them.
 * Served by the primary keys of issue_hashes, issues, issue_sequences, issue_tags, issue_hours and issue_users, and by
 * issue_hashes_issue and issue_texts_issue.
 */
export const storePlan = (tx: Db, plan: IssuePlan, bounds: Bounds): Statement =>
  tx.execute(sql`
    with ${chooseIssues(plan, bounds)}, ${writeIssues(plan, bounds)}, ${writeFacts(plan, bounds)}${noteChanges({ hour: iso(bounds.hour) })}`);

const noteChanges = sqlTemplate<"hour">(
  (value) => sql`, changes as (
      insert into ${issueChanges} (${columnNames(issueChanges, "issueId", "change", "eventId")})
      select t.issue_id, 'created', t.event_id
        from totals t left join before b on b.id = t.issue_id
       where b.id is null
       order by t.issue_id
      returning ${columnNames(issueChanges, "id", "issueId", "change")}
    )
    select c.id, c.issue_id as "issueId", c.change, null::integer as count from changes c
    union all
    select null, c.issue_id, null, c.count from counted c join before b on b.id = c.issue_id
     where c.hour = ${value("hour")}::timestamptz and c.count >= ${busyMin} and b.first_seen_at <= c.hour - interval '23 hours'`,
);

/**
 * A group of events belongs to the issue that owns its primary hash, else to the newest issue that owns any of its
 * hashes, but for those beside, else to a new one. Groups beyond the new issues that a project may have in an hour go to its overflow issue.
 */
const chooseIssues = ({ groups }: IssuePlan, bounds: Bounds): SQL =>
  choosing({
    groups: JSON.stringify(groups),
    hour: iso(bounds.hour),
    crowd: bounds.isCrowded ? crowd(bounds) : nobody,
    room: bounds.isCrowded ? sql`` : assertRoom(bounds),
  });

const choosing = sqlTemplate<"groups" | "hour" | "crowd" | "room">(
  (value) => sql`g as materialized (
      select * from json_to_recordset(${value("groups")}::json) as x(
        g integer, org_id bigint, project_id bigint, hashes text[], beside text[], level smallint, label bigint, type text, title text,
        culprit text, metadata jsonb, platform text, logger text, grouping jsonb, search_text text,
        event_id text, first_seen timestamptz, last_seen timestamptz, count integer)
    ), hash_input as materialized (
      select g.g, g.project_id, h.hash, h.ord from g cross join lateral unnest(g.hashes) with ordinality as h(hash, ord)
      union all
      select g.g, g.project_id, h.hash, null from g cross join lateral unnest(g.beside) as h(hash)
    ), known as materialized (
      select i.g, i.hash, i.ord, ${h.issueId}
        from hash_input i join ${issueHashes} h on ${h.projectId} = i.project_id and ${h.hash} = i.hash
    ), resolved as materialized (
      select distinct on (g) g, issue_id from known where ord is not null order by g, (ord = 1) desc, issue_id desc
    ), fresh as materialized (
      select g.*, row_number() over (partition by project_id order by g) as n
        from g where g.g not in (select r.g from resolved r)
    ), ${value("crowd")}, before as materialized (
      select ${issues.id}, ${issues.userCount}, ${issues.firstSeenAt}, ${issues.lastSeenAt}, ${issues.label} from ${issues}
       where ${issues.id} in (select issue_id from resolved union all select overflow_id from crowded)
       order by ${issues.id} for update
    ), newcomers as materialized (
      select g, project_id, n from fresh where g not in (select c.g from crowded c)
      union all
      -- The overflow issue itself.
      select null, project_id, room + 1 from room where overflow_id is null and of_project > room
    ), numbers as (
      insert into ${issueSequences} (${columnNames(issueSequences, "projectId", "lastNumber", "hour", "newInHour")})
      select project_id, count(*), ${value("hour")}::timestamptz, count(g) from newcomers group by project_id order by project_id
      on conflict (${columnNames(issueSequences, "projectId")}) do update
        set ${columnNames(issueSequences, "lastNumber")} = ${issueSequences.lastNumber} + excluded.last_number,
            ${columnNames(issueSequences, "newInHour")} = excluded.new_in_hour +
              case when ${issueSequences.hour} >= excluded.hour then ${issueSequences.newInHour} else 0 end,
            ${columnNames(issueSequences, "hour")} = greatest(${issueSequences.hour}, excluded.hour)
      returning project_id, last_number${value("room")}
    ), new_issues as materialized (
      select n.g, n.project_id, nextval(pg_get_serial_sequence('issues', 'id')) as issue_id,
             s.last_number - count(*) over (partition by n.project_id) + n.n as short_number
        from newcomers n join numbers s using (project_id)
    ), target as materialized (
      select g, issue_id, false as is_new from resolved
      union all select g, issue_id, true from new_issues where g is not null
      union all
      select c.g, coalesce(c.overflow_id, b.issue_id), false
        from crowded c left join new_issues b on b.project_id = c.project_id and b.g is null
    )`,
);

const crowd = ({ newIssuesPerHour, hour, overflow }: Bounds): SQL =>
  crowding({ perHour: newIssuesPerHour, hour: iso(hour), hash: overflow.hash });

const crowding = sqlTemplate<"perHour" | "hour" | "hash">(
  (value) => sql`room as materialized (
      select f.project_id, f.org_id, f.of_project, ${h.issueId} as overflow_id,
             greatest(0, ${value("perHour")}::integer - case when ${s.hour} >= ${value("hour")}::timestamptz then ${s.newInHour} else 0 end) as room
        from (select project_id, min(org_id) as org_id, count(*) as of_project from fresh group by project_id) f
        left join ${issueSequences} s on ${s.projectId} = f.project_id
        left join ${issueHashes} h on ${h.projectId} = f.project_id and ${h.hash} = ${value("hash")}
    ), crowded as materialized (
      select f.g, f.project_id, r.overflow_id from fresh f join room r using (project_id) where f.n > r.room
    )`,
);

/** Nearly always. The planner sees that these are empty and drops whatever is asked of them. */
const nobody = fixedSql(sql`room as not materialized (
      select null::bigint as project_id, null::bigint as org_id, null::bigint as of_project, null::bigint as overflow_id,
             0::bigint as room where false
    ), crowded as not materialized (
      select null::integer as g, null::bigint as project_id, null::bigint as overflow_id where false
    )`);

const assertRoom = ({ newIssuesPerHour }: Bounds): SQL =>
  newIssuesPerHour === 0
    ? sql``
    : sql`, assert_no_rows(case when ${columnNames(issueSequences, "newInHour")} > ${newIssuesPerHour}::integer then 1 else 0 end)`;

/**
 * All hashes of a group lead to its issue, but for those of crowded groups, which get issues of their own later. An
 * issue has the worst level since it was resolved last, a resolved one that of its newest events, and is called by its
 * newest event; an overflow issue stays what it is.
 */
const writeIssues = ({ users }: IssuePlan, { overflow }: Bounds): SQL =>
  writing({
    users: JSON.stringify(users),
    level: overflow.level,
    title: overflow.title,
    metadata: JSON.stringify(overflow.metadata),
    grouping: JSON.stringify(overflow.grouping),
    hash: overflow.hash,
  });

const writing = sqlTemplate<"users" | "level" | "title" | "metadata" | "grouping" | "hash">(
  (value) => sql`new_users as (
      insert into ${issueUsers} (${columnNames(issueUsers, "issueId", "userHash")})
      select distinct t.issue_id, u.user_hash
        from json_to_recordset(${value("users")}::json) as u(g integer, user_hash bigint)
        join target t using (g) left join before b on b.id = t.issue_id
       where b.id is null or b.user_count < ${peopleMax}
       order by 1, 2
      on conflict do nothing
      returning issue_id
    ), user_counts as materialized (
      select issue_id, count(*) as n from new_users group by issue_id
    ), totals as materialized (
      select t.issue_id, sum(g.count) as n, min(g.first_seen) as first_seen, max(g.last_seen) as last_seen,
             min(g.event_id) as event_id,
             max(g.level) filter (where g.g not in (select c.g from crowded c)) as level
        from g join target t using (g) group by t.issue_id
    ), named as materialized (
      select n.* from (
        select distinct on (t.issue_id) t.issue_id, g.type, g.title, g.culprit, g.metadata, g.label, g.last_seen
          from g join target t using (g)
         where not t.is_new and g.g not in (select c.g from crowded c)
         order by t.issue_id, g.last_seen desc, g.g desc) n
        join before b on b.id = n.issue_id
       where n.title is not null and n.last_seen >= b.last_seen_at and n.label is distinct from b.label
    ), renamed as (
      update ${issueDetails} d
         set ${columnNames(issueDetails, "type")} = n.type, ${columnNames(issueDetails, "title")} = n.title,
             ${columnNames(issueDetails, "culprit")} = n.culprit, ${columnNames(issueDetails, "metadata")} = n.metadata,
             ${columnNames(issueDetails, "searchText")} = case
               when position(n.title in ${d.searchText}) > 0 and position(n.culprit in ${d.searchText}) > 0 then ${d.searchText}
               else left(${d.searchText}, ${searchCharsMax}) || E'\\n' || n.title || E'\\n' || n.culprit end
        from named n where ${d.issueId} = n.issue_id
    ), inserted as (
      insert into ${issues} (${columnNames(issues, "id", "orgId", "projectId", "shortNumber", "level", "label", "eventCount", "userCount", "firstSeenAt", "lastSeenAt")})
      overriding system value
      select b.issue_id, coalesce(f.org_id, r.org_id), b.project_id, b.short_number, coalesce(f.level, ${value("level")}::smallint),
             f.label, t.n, coalesce(u.n, 0), t.first_seen, t.last_seen
        from new_issues b join totals t using (issue_id) left join user_counts u using (issue_id)
        left join fresh f on f.g = b.g left join room r on r.project_id = b.project_id
    ), described as (
      insert into ${issueDetails} (${columnNames(issueDetails, "issueId", "projectId", "type", "title", "culprit", "metadata", "platform", "logger", "grouping", "searchText")})
      select b.issue_id, f.project_id, f.type, f.title, f.culprit, f.metadata, f.platform, f.logger, f.grouping, f.search_text
        from new_issues b join fresh f using (g)
      union all
      select b.issue_id, b.project_id, 'default', ${value("title")}, '', ${value("metadata")}::jsonb, null, null,
             ${value("grouping")}::jsonb, ${value("title")}
        from new_issues b where b.g is null
    ), updated as (
      update ${issues} i
         set ${columnNames(issues, "eventCount")} = ${i.eventCount} + t.n,
             ${columnNames(issues, "userCount")} = ${i.userCount} + coalesce(u.n, 0),
             ${columnNames(issues, "firstSeenAt")} = least(${i.firstSeenAt}, t.first_seen),
             ${columnNames(issues, "lastSeenAt")} = greatest(${i.lastSeenAt}, t.last_seen),
             ${columnNames(issues, "level")} = case when ${i.status} = 'resolved' then coalesce(t.level, ${i.level}) else greatest(${i.level}, t.level) end,
             ${columnNames(issues, "label")} = coalesce(n.label, ${i.label})
        from totals t left join user_counts u using (issue_id) left join named n using (issue_id)
       where ${i.id} = t.issue_id and ${i.id} in (select id from before)
    ), hashed as (
      insert into ${issueHashes} (${columnNames(issueHashes, "projectId", "hash", "issueId")})
      select distinct on (project_id, hash) project_id, hash, issue_id from (
        select n.project_id, n.hash, n.issue_id from (
          select i.project_id, i.hash, t.issue_id, t.is_new
            from hash_input i join target t using (g)
           where not exists (select 1 from known k where k.g = i.g and k.hash = i.hash)
             and i.g not in (select c.g from crowded c)
           -- First of all what is not known: hardly any, and only these are worth a look.
          offset 0) n
         where n.is_new or (
           select count(*) from (select 1 from ${issueHashes} h where ${h.issueId} = n.issue_id limit ${hashesMax}) led
         ) < ${hashesMax}
        union all
        select project_id, ${value("hash")}, issue_id from new_issues where g is null) led
       order by project_id, hash, issue_id
      on conflict do nothing
    )`,
);

const writeFacts = (plan: IssuePlan, { count, isCrowded }: Bounds): SQL =>
  noting({
    segmentId: plan.segmentId,
    events: JSON.stringify(plan.events),
    tags: tagSteps(plan.tags),
    texts: plan.texts.rows.length > 0 ? textSteps(plan.texts.rows) : sql``,
    hours: JSON.stringify(plan.hours),
    turnedAway: isCrowded ? sql`, turned_away as (${count(turnedAway)})` : sql``,
  });

const noting = sqlTemplate<"segmentId" | "events" | "tags" | "texts" | "hours" | "turnedAway">(
  (value) => sql`stored as (
      insert into ${events} (${columnNames(events, "receivedAt", "projectId", "issueId", "eventId", "segmentId", "segmentOffset", "segmentLength", "environment", "userHash", "hash")})
      select e.received_at, e.project_id, t.issue_id, e.event_id, ${value("segmentId")}::uuid, e.at, e.size, e.environment, e.user_hash, e.hash
        from json_to_recordset(${value("events")}::json) as e(
          g integer, project_id bigint, event_id uuid, received_at timestamptz, at integer, size integer,
          environment bigint, user_hash bigint, hash bigint)
        join target t using (g)
    ), ${value("tags")}${value("texts")}, hour_input as materialized (
      select * from json_to_recordset(${value("hours")}::json) as x(g integer, hour timestamptz, count integer)
    ), counted as (
      insert into ${issueHours} (${columnNames(issueHours, "hour", "issueId", "count")})
      select x.hour, t.issue_id, sum(x.count) from hour_input x join target t using (g)
       group by x.hour, t.issue_id
       order by t.issue_id, x.hour
      on conflict (${columnNames(issueHours, "issueId", "hour")}) do update
        set ${columnNames(issueHours, "count")} = ${issueHours.count} + excluded.count
      returning issue_id, hour, count
    )${value("turnedAway")}`,
);

const turnedAway = sql`(
        select c.project_id, x.hour, 'issue' as category, 'filtered' as outcome, 'new_issues_limit' as reason, x.count as quantity
          from hour_input x join crowded c using (g)) beyond`;

const iso = (ms: number) => new Date(ms).toISOString();
