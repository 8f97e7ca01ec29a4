import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueHours, issues, issueTags } from "../../drizzle/schema/issues";
import { anyOf } from "../platform/any-of";
import type { IssueFilter } from "./search/condition";
import { whereOf } from "./search/condition-queries";
import { tagOf } from "./tag-queries";

const h = alias(issueHours, "h");
const i = alias(issues, "i");
const t = alias(issueTags, "t");

/** What no index knows is counted of so many issues, those that were seen last. */
export const rankedMax = 1000;

/** An order by what an issue had inside a period, or by how that grew against as long a time before. */
export type Rank = { by: "trend" | "count"; from: Date; to: Date; environments: string[] };

/** So few events say nothing of growth: an issue that comes twice instead of once has not doubled. */
const noise = sql.raw("(10)");

/**
 * Issues of a filter as `i` with the value by which they are ordered. Served by issues_org_last_seen, and of each issue
 * by the primary keys of issue_hours or issue_tags.
 */
export const rankedIssues = (orgId: number, filter: IssueFilter, rank: Rank): SQL => sql`(
  select i.id, ${rank.by === "trend" ? growth(rank) : counted(rank)} as sort_value
    from (
      select * from ${issues} i where ${whereOf(orgId, filter.conditions)}
       order by ${i.lastSeenAt} desc, ${i.id} desc limit ${rankedMax}) i) i`;

/** What `sort_value` is. */
export const rankType = "numeric";

function growth({ from, to }: Rank): SQL {
  const middle = momentOf(from);
  const beginning = momentOf(new Date(2 * +from - +to));
  const sum = (condition: SQL) => sql`coalesce(sum(${h.count}) filter (where ${condition}), 0)`;
  return sql`(
    select round((${sum(sql`${h.hour} >= ${middle}`)} + ${noise})::numeric / (${sum(sql`${h.hour} < ${middle}`)} + ${noise}), 6)
      from ${issueHours} h
     where ${h.issueId} = i.id and ${h.hour} >= ${beginning} and ${h.hour} <= ${momentOf(to)})`;
}

function counted({ from, to, environments }: Rank): SQL {
  if (environments.length === 0) {
    return sql`(
      select coalesce(sum(${h.count}), 0)::numeric from ${issueHours} h
       where ${h.issueId} = i.id and ${h.hour} >= date_trunc('hour', ${momentOf(from)}) and ${h.hour} <= ${momentOf(to)})`;
  }
  const tags = environments.map((name) => BigInt(tagOf("environment", name)));
  return sql`(
    select coalesce(sum(${t.count}), 0)::numeric from ${issueTags} t
     where ${t.issueId} = i.id and ${anyOf(t.tag, tags)}
       and ${t.week} > ${momentOf(from)} - interval '7 days' and ${t.week} <= ${momentOf(to)})`;
}

const momentOf = (moment: Date): SQL => sql`${moment.toISOString()}::timestamptz`;
