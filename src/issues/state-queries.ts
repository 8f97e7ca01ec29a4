import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueChanges, issues, issueTags } from "../../drizzle/schema/issues";
import { issueStates } from "../../drizzle/schema/states";
import type { ChangeKind } from "../../queues/catalog";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { insertSelect } from "../platform/insert-select";
import { happeningsOf } from "./activity-queries";
import type { StateRule, StoredSubstatus, WantedCells } from "./status-details";
import { tagOf } from "./tag-queries";

const i = alias(issues, "i");
const n = alias(users, "n");
const s = alias(issueStates, "s");
const t = alias(issueTags, "t");

/** What is known of an issue's status besides. */
export type StateRow = {
  substatus: StoredSubstatus | null;
  since: string;
  rule: StateRule | null;
  release: string | null;
  commit: string | null;
  repository: string | null;
  until: string | null;
  wanted: number | null;
  windowMinutes: number | null;
  eventsBefore: number | null;
  actor: { id: string; name: string; email: string } | null;
};

/** The state of an issue `i`, as long as it is of its status. Served by the primary keys of issue_states and users. */
export const stateJson: SQL = fixedSql(sql`(
    select json_build_object(
      'substatus', ${s.substatus}, 'since', ${s.since}, 'rule', ${s.rule}, 'release', ${s.release}, 'commit', ${s.commit},
      'repository', ${s.repository}, 'until', ${s.until}, 'wanted', ${s.wanted}, 'windowMinutes', ${s.windowMinutes},
      'eventsBefore', ${s.eventsBefore}, 'actor', (
        select json_build_object('id', ${n.id}::text, 'name', ${n.name}, 'email', ${n.email}) from ${users} n where ${n.id} = ${s.userId}))
      from ${issueStates} s where ${s.issueId} = ${i.id} and ${s.since} = ${i.statusChangedAt})`);

type OfIssue = { id: Column; status: Column; statusChangedAt: Column };

/** Whether an issue has a status just so already: an issue without a state is as its status alone says. */
export function isAsWanted(issue: OfIssue, cells: WantedCells): SQL {
  const { status, substatus, rule } = cells;
  const isOpen = sql`${issue.status} = ${status}`;
  if (status === "unresolved" && substatus === null) return sql`(${isOpen})`;
  const isPlain = rule === null && (status === "resolved" || substatus === "archived_forever");
  const stated = (condition: SQL) => sql`exists (
    select 1 from ${issueStates} s where ${s.issueId} = ${issue.id} and ${s.since} = ${issue.statusChangedAt} and ${condition})`;
  const isSame = sql`(${sql.join([s.substatus, s.rule, s.release, s.commit, s.repository, s.until, s.wanted, s.windowMinutes], sql`, `)})
      is not distinct from (${substatus}::text, ${rule}::text, ${cells.release}::text, ${cells.commit}::text,
        ${cells.repository}::text, ${cells.until?.toISOString() ?? null}::timestamptz, ${cells.wanted}::integer, ${cells.windowMinutes}::integer)`;
  if (cells.isReview) return sql`(${issue.status} <> ${status} or ${stated(isSame)})`;
  return isPlain
    ? sql`(${isOpen} and not ${stated(sql`not (${isSame})`)})`
    : sql`(${isOpen} and ${stated(isSame)})`;
}

const cellNames = [
  "since",
  "userId",
  "substatus",
  "rule",
  "release",
  "releasePackage",
  "releaseKey",
  "releaseBuild",
  "wasSeenInRelease",
  "commit",
  "repository",
  "until",
  "wanted",
  "windowMinutes",
  "eventsBefore",
] as const;

/** The state that an issue had goes. */
const instead = fixedSql(
  sql`on conflict (${columnNames(issueStates, "issueId")}) do update set ${sql.join(
    cellNames.map((name) => {
      const column = columnNames(issueStates, name);
      return sql`${column} = excluded.${column}`;
    }),
    sql`, `,
  )}`,
);

/**
 * Writes how issues came to their status: `rows` is what follows `select` and names them, with their id and their events
 * as `id` and `event_count`.
 */
export const stateSet = (cells: WantedCells, by: { userId: number | null; now: Date }, rows: SQL) =>
  sql`${insertSelect(
    issueStates,
    {
      issueId: sql`id`,
      since: by.now,
      userId: by.userId,
      substatus: cells.substatus,
      rule: cells.rule,
      release: cells.release,
      releasePackage: cells.order?.package ?? null,
      releaseKey: cells.order?.key ?? null,
      releaseBuild: sql`${cells.order?.build ?? null}::bigint`,
      wasSeenInRelease: cells.release === null ? null : wasSeenIn(cells.release),
      commit: cells.commit,
      repository: cells.repository,
      until: cells.until,
      wanted: cells.wanted,
      windowMinutes: cells.windowMinutes,
      eventsBefore: sql`event_count`,
    },
    rows,
  )} ${instead}`;

const wasSeenIn = (release: string) => sql`exists (
  select 1 from ${issueTags} t where ${t.issueId} = id and ${t.tag} = ${tagOf("release", release)}::bigint)`;

/**
 * Writes states that no person gave: `rows` is what follows `select`, an issue's id, since when, its substatus, and the
 * events of an hour from which on it was one that escalates.
 */
export const restate = (rows: SQL): SQL => sql`
      insert into ${issueStates} (${columnNames(issueStates, "issueId", "since", "substatus", "wanted")})
      select ${rows} ${instead}`;

/** The state of an issue `issue`, whole, to be given back by `stateBack`; null: there is none. */
export const stateKept = (issue: OfIssue): SQL => sql`(
  select to_jsonb(s) from ${issueStates} s where ${s.issueId} = ${issue.id} and ${s.since} = ${issue.statusChangedAt})`;

/** Gives issues of `chosen` the states back that `states` has of them, from now on. */
export const stateBack = (states: SQL, from: SQL, now: Date): SQL => sql`
  insert into ${issueStates} (${columnNames(issueStates, "issueId", ...cellNames)})
  select r.issue_id, ${now.toISOString()}::timestamptz, (select ${n.id} from ${users} n where ${n.id} = r.user_id), r.substatus,
         r.rule, r.release, r.release_package, r.release_key, r.release_build, r.was_seen_in_release, r.commit, r.repository,
         r.until, r.wanted, r.window_minutes, r.events_before
    from ${from} cross join jsonb_populate_recordset(null::${issueStates}, ${states}) r
   where r.issue_id in (select id from chosen)
  ${instead}`;

/**
 * Opens a chunk of the issues that were ignored until a moment that has come, in the order in which others lock them, and
 * answers with its change. Served by issue_states_until and the primary key of issues.
 */
export const openDue = (db: Db, now: Date, limit: number) =>
  db.execute<{
    id: number;
    issueId: number;
    change: ChangeKind;
    orgId: string;
    projectId: string;
  }>(sql`
    with due as materialized (
      select ${s.issueId} as issue_id, ${s.since}, ${s.until} from ${issueStates} s
        join ${issues} i on ${i.id} = ${s.issueId} and ${i.statusChangedAt} = ${s.since} and ${i.status} = 'ignored'
       where ${s.until} <= ${now.toISOString()} order by ${s.until}, ${s.issueId} limit ${limit}
    ), chosen as materialized (
      select ${i.id}, ${i.orgId} as org_id, ${i.projectId} as project_id, due.until
        from ${issues} i join due on due.issue_id = ${i.id} and due.since = ${i.statusChangedAt} and ${i.status} = 'ignored'
       order by ${i.id} for update of i
    ), opened as (
      update ${issues} set ${columnNames(issues, "status")} = 'unresolved', ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()}
       where ${issues.id} in (select id from chosen)
    ), stated as (${restate(sql`id, ${now.toISOString()}::timestamptz, 'ongoing', null::integer from chosen order by id`)}
    ), happened as (
      ${happeningsOf(
        {
          kind: "set_unresolved",
          userId: null,
          data: sql`jsonb_build_object('ignoreUntil', until)`,
          now,
        },
        sql`id`,
        sql`from chosen order by id`,
      )}
    ), noted as (
      insert into ${issueChanges} (${columnNames(issueChanges, "issueId", "change")})
      select id, 'reopened' from chosen order by id
      returning ${columnNames(issueChanges, "id", "issueId", "change")}
    )
    select n.id, n.issue_id as "issueId", n.change, c.org_id as "orgId", c.project_id as "projectId"
      from noted n join chosen c on c.id = n.issue_id`);
