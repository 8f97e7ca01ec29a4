import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues, issueTags } from "../../drizzle/schema/issues";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { keyset } from "../platform/keyset";
import { likePattern } from "../platform/like";
import type { Range } from "../protocol/cursor";
import type { IssueFilter } from "./search/condition";
import { whereOf } from "./search/condition-queries";
import { firstTagOf, lastTagOf } from "./tag-queries";

const i = alias(issues, "i");
const t = alias(issueTags, "t");

/** What is suggested is what the issues that were seen last have, so many of them and so many rows of each. */
const issuesMax = 200;
const rowsMax = 500;

const recent = (orgId: number, filter: IssueFilter): SQL => sql`
  recent as materialized (
    select ${i.id} from ${issues} i where ${whereOf(orgId, filter.conditions)}
     order by ${i.lastSeenAt} desc, ${i.id} desc limit ${issuesMax}
  )`;

export type KeyRow = { key: string; count: number; values: number };

/** Keys of tags, the most frequent first. Served by issues_org_last_seen and the primary key of issue_tags. */
export const selectFrequentKeys = (db: Db, orgId: number, filter: IssueFilter, limit: number) =>
  db.execute<KeyRow>(sql`
    with ${recent(orgId, filter)}
    select x.key, sum(x.count)::integer as count, count(distinct x.value)::integer as values
      from recent r cross join lateral (
        select ${t.key}, ${t.value}, ${t.count} from ${issueTags} t where ${t.issueId} = r.id limit ${rowsMax}) x
     group by x.key order by 2 desc, 1 limit ${limit}`);

export type ValueRow = {
  value: string;
  count: number;
  /** Beginnings of the first and of the last week in which it was seen. */
  firstWeek: string;
  lastWeek: string;
};

const week = (of: SQL) => sql`to_char(${of} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const ofKey = (key: string): SQL => sql`
  ${t.tag} between ${firstTagOf(key)}::bigint and ${lastTagOf(key)}::bigint and ${t.key} = ${key}`;

/** Values of a tag that begin like a text, the most frequent first. Served by issues_org_last_seen and the primary key of issue_tags. */
export const selectFrequentValues = (
  db: Db,
  orgId: number,
  filter: IssueFilter,
  key: string,
  prefix: string,
  limit: number,
) =>
  db.execute<ValueRow>(sql`
    with ${recent(orgId, filter)}
    select x.value, sum(x.count)::integer as count, ${week(sql`min(x.week)`)} as "firstWeek", ${week(sql`max(x.week)`)} as "lastWeek"
      from recent r cross join lateral (
        select ${t.value}, ${t.count}, ${t.week} from ${issueTags} t
         where ${t.issueId} = r.id and ${ofKey(key)}
           ${prefix === "" ? sql`` : sql`and ${t.value} ilike ${`${likePattern(prefix)}%`}`}
         limit ${rowsMax}) x
     group by x.value order by 2 desc, 1 limit ${limit}`);

const byCount = { by: fixedSql(sql`x.count`), type: "bigint" };
const byHash = { by: fixedSql(sql`md5(x.value)::uuid`), type: "uuid" };

/** A page of the values of a tag of an issue that have a text in them, the most frequent first. Served by the primary key of issue_tags. */
export function selectTagValues(db: Db, issueId: number, key: string, text: string, range: Range) {
  const { condition, order, limit } = keyset(byCount, byHash, range, "descending");
  return db.execute<ValueRow & { hash: string }>(sql`
    select x.*, md5(x.value)::uuid as hash from (
      select ${t.value}, sum(${t.count})::integer as count, ${week(sql`min(${t.week})`)} as "firstWeek", ${week(sql`max(${t.week})`)} as "lastWeek"
        from ${issueTags} t where ${t.issueId} = ${issueId} and ${ofKey(key)}
         ${text === "" ? sql`` : sql`and ${t.value} ilike ${`%${likePattern(text)}%`}`}
       group by ${t.value}) x
     ${condition ? sql`where ${condition}` : sql``} order by ${order} limit ${limit}`);
}
