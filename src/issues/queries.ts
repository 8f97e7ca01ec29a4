import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueActivities } from "../../drizzle/schema/activity";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { issueDetails, issueHours, issues, issueTags } from "../../drizzle/schema/issues";
import { organizationMembers, organizations, teams } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { keyset } from "../platform/keyset";
import { sqlTemplate } from "../platform/sql-template";
import type { Range } from "../protocol/cursor";
import { type Marks, marksOf } from "./mark-queries";
import { suggestedOf } from "./owned-queries";
import { priorityNumber } from "./priority-queries";
import { type Rank, rankedIssues, rankType } from "./rank-queries";
import type { IssueFilter } from "./search/condition";
import { whereOf } from "./search/condition-queries";
import { shareIdOf } from "./share-queries";
import type { Sort } from "./sort";
import { isAsWanted, type StateRow, stateJson } from "./state-queries";
import type { WantedCells } from "./status-details";
import { firstTagOf, lastTagOf, tagOf } from "./tag-queries";

const a = alias(issueActivities, "a");
const d = alias(issueDetails, "d");
const g = alias(issueAssignments, "g");
const h = alias(issueHours, "h");
const i = alias(issues, "i");
const m = alias(organizationMembers, "m");
const o = alias(organizations, "o");
const p = alias(projects, "p");
const t = alias(issueTags, "t");
const r = alias(issues, "r");
const u = alias(users, "u");
const w = alias(teams, "w");

export type IssueRow = {
  id: string;
  orgSlug: string;
  shortNumber: number;
  status: "unresolved" | "resolved" | "ignored";
  level: number;
  eventCount: string;
  userCount: number;
  firstSeenAt: string;
  lastSeenAt: string;
  type: "default" | "error" | "csp";
  title: string;
  culprit: string;
  metadata: Record<string, string>;
  logger: string | null;
  projectId: string;
  projectSlug: string;
  projectName: string;
  projectPlatform: string | null;
  /** Events since the moment that was asked for: whole hour in seconds since 1970, number. Hours without events are absent. */
  hours: [number, number][];
  comments: number;
  assignee: { type: "user" | "team"; id: string; name: string; email?: string } | null;
  /** Whom the rules of its project suggest, best first. */
  suggested: (NonNullable<IssueRow["assignee"]> & { rule: string })[];
  /** Had an event that nobody caught. */
  isUnhandled: boolean;
  /** 1 to 3, and when somebody said so. */
  priority: number;
  priorityLockedAt: string | null;
  /** What is known of its status besides; null: nothing. */
  state: StateRow | null;
  /** Of its events, by name; at most `environmentsShown`. */
  environments: string[];
  /** Where anybody may see it; null: nowhere. */
  shareId: string | null;
  /** What it is to whoever asks; null for who is no member. */
  marks: Marks | null;
  /** Value of the sort expression, for the cursor. */
  sortValue: string;
};

const iso = (column: Column) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const environmentsShown = 20;
const fixed = (number: number | string) => sql.raw(`(${number})`);

const details = sqlTemplate<"sortValue" | "since" | "marks">(
  (value) => sql`
  ${i.id}, ${o.slug} as "orgSlug", ${i.shortNumber} as "shortNumber", ${i.status}, ${i.level}, ${i.eventCount} as "eventCount",
  ${i.userCount} as "userCount", ${iso(i.firstSeenAt)} as "firstSeenAt", ${iso(i.lastSeenAt)} as "lastSeenAt",
  ${d.type}, ${d.title}, ${d.culprit}, ${d.metadata}, ${d.logger}, ${p.id} as "projectId", ${p.slug} as "projectSlug",
  ${p.name} as "projectName", ${p.platform} as "projectPlatform", ${value("sortValue")}::text as "sortValue",
  ${value("marks")} as marks, ${shareIdOf} as "shareId",
  coalesce((
    select json_agg(json_build_array(extract(epoch from ${h.hour})::bigint, ${h.count}) order by ${h.hour})
      from ${issueHours} h where ${h.issueId} = ${i.id} and ${h.hour} >= ${value("since")}), '[]'::json) as hours,
  (select count(*)::integer from ${issueActivities} a where ${a.issueId} = ${i.id} and ${a.kind} = 'note') as comments,
  (select case when ${g.teamId} is null
            then json_build_object('type', 'user', 'id', ${u.id}::text, 'name', ${u.name}, 'email', ${u.email})
            else json_build_object('type', 'team', 'id', ${w.id}::text, 'name', ${w.slug}) end
     from ${issueAssignments} g
     left join ${organizationMembers} m on ${m.id} = ${g.memberId}
     left join ${users} u on ${u.id} = ${m.userId}
     left join ${teams} w on ${w.id} = ${g.teamId}
    where ${g.issueId} = ${i.id}) as assignee, ${suggestedOf} as suggested,
  exists (
    select 1 from ${issueTags} t where ${t.issueId} = ${i.id} and ${t.tag} = ${fixed(tagOf("handled", "no"))}) as "isUnhandled",
  ${stateJson} as state, ${priorityNumber} as priority, ${iso(i.priorityLockedAt)} as "priorityLockedAt",
  coalesce((
    select json_agg(value order by value) from (
      select distinct ${t.value} as value from ${issueTags} t
       where ${t.issueId} = ${i.id}
         and ${t.tag} between ${fixed(firstTagOf("environment"))} and ${fixed(lastTagOf("environment"))}
       order by 1 limit ${fixed(environmentsShown)}) named), '[]'::json) as environments`,
);

const joins = fixedSql(sql`
  join ${issueDetails} d on ${d.issueId} = ${i.id}
  join ${projects} p on ${p.id} = ${i.projectId}
  join ${organizations} o on ${o.id} = ${i.orgId}`);

const sortKeys: Record<Exclude<Sort["by"], "trend">, { by: SQL; type: string }> = {
  last_seen: { by: fixedSql(sql`${i.lastSeenAt}`), type: "timestamptz" },
  first_seen: { by: fixedSql(sql`${i.firstSeenAt}`), type: "timestamptz" },
  count: { by: fixedSql(sql`${i.eventCount}`), type: "bigint" },
  users: { by: fixedSql(sql`${i.userCount}`), type: "integer" },
  priority: {
    by: fixedSql(
      sql`(log(greatest(${i.eventCount}, 1)) + extract(epoch from (${i.lastSeenAt} at time zone 'UTC')) / 300000)`,
    ),
    type: "double precision",
  },
};
const issueId = { by: fixedSql(sql`${i.id}`), type: "bigint" };
/** What has no index of its own is counted in the order of time. */
const keyOf = ({ by }: Sort) => sortKeys[by === "trend" ? "last_seen" : by];
const orderOf = ({ descending }: Sort) => (descending ? "descending" : "ascending");

/**
 * One page of issues. Served by issues_org_last_seen, issues_org_first_seen, issues_org_event_count,
 * issues_org_user_count, issues_org_priority or issues_project_last_seen; tags by issue_tags_project_tag, texts by issue_details_search, what a row shows besides by the primary keys of
 * issue_hours, issue_tags, issue_states, issue_assignments, suggested_owners, issue_shares and issue_marks and by issue_activities_notes. On a first page `hits` says
 * how many there are, counted up to `countedMax` in the same walk; behind a cursor it is null. With a rank they are
 * ordered by that, see rankedIssues.
 */
export function selectIssues(
  db: Db,
  orgId: number,
  filter: IssueFilter,
  sort: Sort,
  range: Range,
  since: Date,
  countedMax: number,
  rank?: Rank,
  /** Of whoever asks. */
  memberIds: number[] = [],
) {
  const key = rank ? { by: sql`i.sort_value`, type: rankType } : keyOf(sort);
  const { condition, order, limit, direction } = keyset(key, issueId, range, orderOf(sort));
  const source = rank
    ? sql`${rankedIssues(orgId, filter, rank)} where true`
    : sql`${issues} i where ${whereOf(orgId, filter.conditions)}`;
  return db.execute<IssueRow & { hits: number | null }>(sql`
    with found as materialized (
      select ${issueId.by}, ${key.by} as sort_value from ${source} ${condition ? sql`and ${condition}` : sql``}
       order by ${order}
       limit ${condition ? limit : Math.max(limit, countedMax)}
    )
    select ${details({ since: since.toISOString(), sortValue: sql`i.sort_value`, marks: marksOf(memberIds) })}, ${condition ? sql`null::integer` : sql`(select count(*)::integer from found)`} as hits
      from (
        select i.*, f.sort_value from ${issues} i
          join (select id, sort_value from found order by sort_value ${direction}, id ${direction} limit ${limit}) f on f.id = ${issueId.by}
      ) i ${joins}
     order by i.sort_value ${direction}, ${issueId.by} ${direction}`);
}

/**
 * How many issues there are, counting no further than the limit. In the order of the list, so that the same index
 * serves it and the first rows suffice. Served by issues_org_last_seen and its neighbours.
 */
export function countIssues(db: Db, orgId: number, filter: IssueFilter, sort: Sort, limit: number) {
  const first = { limit, cursor: undefined };
  const { order } = keyset(keyOf(sort), issueId, first, orderOf(sort));
  return db.execute<{ hits: number }>(sql`
    select count(*)::integer as hits from (
      select 1 from ${issues} i where ${whereOf(orgId, filter.conditions)}
       order by ${order} limit ${limit}) found`);
}

/**
 * How many issues each of some filters finds, counting one further than its bound, in one statement. Each in the order
 * of the list, so that the first rows suffice. Served by issues_org_last_seen or issues_project_last_seen.
 */
export const countEach = (db: Db, orgId: number, bounded: { filter: IssueFilter; max: number }[]) =>
  db.execute<{ counts: number[] }>(sql`
    select json_build_array(${sql.join(
      bounded.map(
        ({ filter, max }) => sql`(
          select count(*) from (
            select 1 from ${issues} i where ${whereOf(orgId, filter.conditions)}
             order by ${i.lastSeenAt} desc limit ${max + 1}) found)`,
      ),
      sql`, `,
    )}) as counts`);

/** The winner's, of one that was merged. Served by the primary key; another organization's issue is not found. */
export const selectIssue = (
  db: Db,
  orgIds: number[],
  issueId: number,
  since: Date,
  memberIds: number[] = [],
) =>
  db.execute<IssueRow>(sql`
    select ${details({ since: since.toISOString(), sortValue: sql`${i.id}`, marks: marksOf(memberIds) })} from ${issues} i ${joins}
     where ${i.id} = (select coalesce(${r.mergedInto}, ${r.id}) from ${issues} r where ${r.id} = ${issueId}) and ${anyOf(i.orgId, orgIds)} and ${p.deletedAt} is null`);

/**
 * Ids for a change of everything that a filter finds, to a status that it does not have so yet where one is given, a
 * bounded number at a time. Served by issues_org_id and the primary key of issue_states.
 */
export const selectIssueIds = (
  db: Db,
  orgId: number,
  filter: IssueFilter,
  wanted: WantedCells | undefined,
  afterId: number,
  limit: number,
) =>
  db.execute<{ id: string }>(sql`
    select ${i.id} from ${issues} i
     where ${whereOf(orgId, filter.conditions)} ${wanted === undefined ? sql`` : sql`and not ${isAsWanted(i, wanted)}`} and ${i.id} > ${afterId}
     order by ${i.id} limit ${limit}`);

/** Of the projects of an organization two at most in which a filter finds issues. Served by issues_project_last_seen. */
export const selectProjectsOf = (db: Db, orgId: number, filter: IssueFilter) =>
  db.execute<{ id: string }>(sql`
    select ${p.id} from ${projects} p
     where ${p.orgId} = ${orgId} and ${p.deletedAt} is null
       and exists (select 1 from ${issues} i where ${i.projectId} = ${p.id} and ${whereOf(orgId, filter.conditions)})
     limit 2`);

export type TagRow = { key: string; value: string; count: number; total: number; distinct: number };
const tagValuesMax = 100;

/** Values of each tag of an issue, most frequent first. Served by the primary key of issue_tags. */
export const selectIssueTags = (db: Db, issueId: number, keys: string[]) =>
  db.execute<TagRow>(sql`
    select key, value, count, total, "distinct" from (
      select key, value, count::integer, sum(count) over (partition by key)::integer as total,
             (count(*) over (partition by key))::integer as "distinct",
             row_number() over (partition by key order by count desc, value) as rank
        from (
          select ${issueTags.key}, ${issueTags.value}, sum(${issueTags.count}) as count from ${issueTags}
           where ${issueTags.issueId} = ${issueId} ${keys.length === 0 ? sql`` : sql`and ${issueTags.key} in (select json_array_elements_text(${JSON.stringify(keys)}::json))`}
           group by ${issueTags.key}, ${issueTags.value}
        ) summed
    ) ranked where rank <= ${tagValuesMax} order by key, rank`);
