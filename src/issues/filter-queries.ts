import { and, type Column, eq, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issues, issueTags, issueUsers } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { dashed } from "../platform/ids";
import { likePattern } from "../platform/like";
import { sqlTemplate } from "../platform/sql-template";
import type { ShortId } from "./short-id";
import { firstTagOf, lastTagOf, tagOf } from "./tag-queries";

const e = alias(events, "e");
const i = alias(issues, "i");
const p = alias(projects, "p");
const t = alias(issueTags, "t");
const u = alias(issueUsers, "u");
const x = alias(issueDetails, "x");

export type Comparison = { sign: ">" | ">=" | "<" | "<=" | "="; value: number | Date };

/**
 * What an issue must be, or must not be. Every name is an id here: what was not found cannot be written down. A
 * condition without a value is one that nothing meets.
 */
export type Condition = { negated: boolean } & (
  | { on: "status"; values: string[] }
  | { on: "level"; values: number[] }
  | { on: "project"; values: number[] }
  | { on: "issue"; values: number[] }
  | { on: "number"; column: "event_count" | "user_count"; all: Comparison[] }
  | { on: "moment"; column: "first_seen_at" | "last_seen_at"; all: Comparison[] }
  /** Some event has one of these values; `*` stands for anything. */
  | { on: "tag"; key: string; values: string[] }
  /** Some event has one of these tags. */
  | { on: "tagged"; keys: string[] }
  /** Some event is of one of these people, by the hash of who they are, or by a tag that names them. */
  | { on: "person"; hashes: bigint[]; tags: [key: string, value: string][] }
  | { on: "anyone" }
  | { on: "everything" }
  /** `*` stands for anything. */
  | { on: "text"; column: "search_text" | "title" | "culprit"; values: string[] }
);

/** Made by resolveFilter only. */
export type IssueFilter = {
  /** All of them must hold. */
  conditions: Condition[];
  /** Nothing but a period, or nothing at all, tells these issues from all others of the organization or the project. */
  isBroad: boolean;
  /** The whole search was the id of an event or the short id of an issue. */
  lookup?: { eventId?: string; found: boolean };
};

const list = (values: (number | bigint)[]) => `{${values.join(",")}}`;

const detailsJoined = fixedSql(sql`join ${issueDetails} x on ${x.issueId} = ${i.id}`);

/** Joined as `x` when a text is looked for. */
export const textJoin = ({ conditions }: IssueFilter): SQL =>
  conditions.some(({ on }) => on === "text") ? detailsJoined : sql``;

/** Whether more than columns of the issue itself are looked at. */
export const looksElsewhere = ({ conditions }: IssueFilter): boolean =>
  conditions.some(({ on }) => ["tag", "tagged", "person", "anyone", "text"].includes(on));

/** For issues as `i`. Tags by issue_tags_project_tag or its primary key, texts by issue_details_search. */
export const whereOf = (orgId: number, { conditions }: IssueFilter): SQL =>
  sql.join([sql`${i.orgId} = ${orgId}`, ...conditions.map(sqlOf)], sql` and `);

function sqlOf(condition: Condition): SQL {
  const { on, negated } = condition;
  if (on === "project") return ids(i.projectId, condition.values, negated);
  if (on === "issue") return ids(i.id, condition.values, negated);
  const positive = positiveOf(condition);
  return negated ? sql`not (${positive})` : positive;
}

function ids(column: Column, values: number[], negated: boolean): SQL {
  const [only] = values;
  if (values.length === 1 && !negated) return sql`${column} = ${only}`;
  return negated ? sql`${column} <> all(${list(values)}::bigint[])` : anyOf(column, values);
}

const columns = {
  event_count: i.eventCount,
  user_count: i.userCount,
  first_seen_at: i.firstSeenAt,
  last_seen_at: i.lastSeenAt,
  title: x.title,
  culprit: x.culprit,
};

function positiveOf(condition: Exclude<Condition, { on: "project" } | { on: "issue" }>): SQL {
  switch (condition.on) {
    case "status":
      return either(condition.values.map((value) => sql`${i.status} = ${value}`));
    case "level":
      return either(condition.values.map((value) => sql`${i.level} = ${value}`));
    case "number":
    case "moment":
      return sql.join(
        condition.all.map(({ sign, value }) => {
          const bound = value instanceof Date ? value.toISOString() : value;
          return sql`${columns[condition.column]} ${sql.raw(sign)} ${bound}`;
        }),
        sql` and `,
      );
    case "tag":
      return tagged(valuesOf(condition.key, condition.values));
    case "tagged":
      return tagged(either(condition.keys.map(within)));
    case "person": {
      const byHash = sql`exists (
        select 1 from ${issueUsers} u where ${u.issueId} = ${i.id} and ${anyOf(u.userHash, condition.hashes)})`;
      const tags = condition.tags.map(
        ([key, value]) => sql`${t.tag} = ${tagOf(key, value)}::bigint`,
      );
      return tags.length === 0 ? byHash : either([byHash, tagged(either(tags))]);
    }
    case "anyone":
      return sql`exists (select 1 from ${issueUsers} u where ${u.issueId} = ${i.id})`;
    case "everything":
      return sql`true`;
    case "text":
      return either(condition.values.map((value) => texts(condition.column, value)));
  }
}

const either = (any: SQL[]): SQL => {
  const [only] = any;
  if (!only) return sql`false`;
  return any.length === 1 ? only : sql`(${sql.join(any, sql` or `)})`;
};

const tagged = (condition: SQL): SQL => sql`exists (
  select 1 from ${issueTags} t
   where ${t.issueId} = ${i.id} and ${t.projectId} = ${i.projectId} and ${condition})`;

const within = (key: string): SQL =>
  sql`${t.tag} between ${firstTagOf(key)}::bigint and ${lastTagOf(key)}::bigint`;

function valuesOf(key: string, values: string[]): SQL {
  const exact = values.filter((value) => !value.includes("*"));
  const patterns = values.filter((value) => value.includes("*"));
  const [only] = exact;
  const numbers = exact.map((value) => sql`${tagOf(key, value)}::bigint`);
  return either([
    ...(only === undefined
      ? []
      : [
          exact.length === 1
            ? sql`${t.tag} = ${tagOf(key, only)}::bigint`
            : sql`${t.tag} in (${sql.join(numbers, sql`, `)})`,
        ]),
    ...patterns.map((value) => sql`(${within(key)} and ${t.value} ilike ${likePattern(value)})`),
  ]);
}

function texts(column: "search_text" | "title" | "culprit", value: string): SQL {
  const somewhere = sql`${x.searchText} ilike ${`%${likePattern(value)}%`}`;
  if (column === "search_text") return somewhere;
  // The index knows the whole text only.
  return sql`(${somewhere} and ${columns[column]} ilike ${likePattern(value)})`;
}

/** Live projects of an organization. Served by projects_org_slug; a trigger bounds their number. */
export const selectProjectNames = (db: Db, orgId: number) =>
  db
    .select({ id: projects.id, slug: projects.slug })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)));

const countedKeys = sqlTemplate<"keys" | "orgId" | "chosen">(
  (value) => sql`
    select k.key from json_to_recordset(${value("keys")}::json) as k(key text, first_tag bigint, last_tag bigint)
     where exists (
       select 1 from ${projects} p
        where ${p.orgId} = ${value("orgId")} and ${p.deletedAt} is null ${value("chosen")}
          and exists (
            select 1 from ${issueTags} t where ${t.projectId} = ${p.id} and ${t.tag} between k.first_tag and k.last_tag))`,
);

/** Those of some tag keys that were counted in an organization, or in some of its projects. Served by issue_tags_project_tag, per project. */
export const selectTagKeys = (db: Db, orgId: number, projectIds: number[], keys: string[]) =>
  db.execute<{ key: string }>(
    countedKeys({
      orgId,
      keys: JSON.stringify(
        keys.map((key) => ({ key, first_tag: firstTagOf(key), last_tag: lastTagOf(key) })),
      ),
      chosen: projectIds.length > 0 ? sql`and ${anyOf(p.id, projectIds)}` : sql``,
    }),
  );

const issuesOfEvents = sqlTemplate<"orgId" | "eventIds">(
  (value) => sql`
    select replace(${e.eventId}::text, '-', '') as "eventId", ${e.issueId} as "issueId", ${e.projectId} as "projectId"
      from ${projects} p
      join ${events} e on ${e.projectId} = ${p.id} and ${e.eventId} = any(${value("eventIds")}::uuid[])
     where ${p.orgId} = ${value("orgId")} and ${p.deletedAt} is null`,
);

/** Issues of events by their ids alone. Served by the primary key of events, per project of the organization. */
export const selectIssuesOfEvents = (db: Db, orgId: number, eventIds: string[]) =>
  db.execute<{ eventId: string; issueId: string; projectId: string }>(
    issuesOfEvents({ orgId, eventIds: `{${eventIds.map(dashed).join(",")}}` }),
  );

const issuesByShortId = sqlTemplate<"shortIds" | "orgIds">(
  (value) => sql`
    select s.slug, s.number, ${i.id} as "issueId"
      from json_to_recordset(${value("shortIds")}::json) as s(slug text, number integer)
      join ${projects} p on ${p.orgId} = any(${value("orgIds")}::bigint[]) and lower(${p.slug}) = s.slug and ${p.deletedAt} is null
      join ${issues} i on ${i.projectId} = ${p.id} and ${i.shortNumber} = s.number`,
);

/**
 * Issues by their short ids; several of one name when organizations have projects of one name. Served by
 * projects_org_slug and issues_project_short_number.
 */
export const selectIssuesByShortId = (db: Db, orgIds: number[], shortIds: ShortId[]) =>
  db.execute<{ slug: string; number: number; issueId: string }>(
    issuesByShortId({ orgIds: list(orgIds), shortIds: JSON.stringify(shortIds) }),
  );
