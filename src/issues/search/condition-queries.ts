import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueAssignments } from "../../../drizzle/schema/assignment";
import { events } from "../../../drizzle/schema/events";
import {
  issueDetails,
  issues,
  issueTags,
  issueTexts,
  issueUsers,
} from "../../../drizzle/schema/issues";
import { projects } from "../../../drizzle/schema/projects";
import { issueStates } from "../../../drizzle/schema/states";
import { suggestedOwners } from "../../../drizzle/schema/suggested-owners";
import { anyOf } from "../../platform/any-of";
import { likeText } from "../../platform/like";
import { type EventFieldName, isFact, markOf } from "../../protocol/event-fields";
import { hasWildcard, type Pattern, written } from "../../protocol/pattern";
import { bookmarkedBy, followedBy } from "../mark-queries";
import { priorityNumber } from "../priority-queries";
import { firstTagOf, lastTagOf, tagOf } from "../tag-queries";
import type { Assigned, Condition, OpenSubstatus } from "./condition";

const e = alias(events, "e");
const i = alias(issues, "i");
const p = alias(projects, "p");
const s = alias(issueStates, "s");
const t = alias(issueTags, "t");
const u = alias(issueUsers, "u");
const x = alias(issueDetails, "x");
const y = alias(issueTexts, "y");
const k = alias(issueAssignments, "k");
/** Also suggested owners, whose columns are called the same. */
const z = alias(issueAssignments, "z");

/**
 * For issues as `i`, all conditions together; none that was merged into another one. Tags by issue_tags_project_tag or the primary key of issue_tags, texts by
 * issue_texts_search, issue_details_search or, of one issue after another, issue_texts_issue and the primary key of
 * issue_details; periods by inPeriodissue_received.
 */
export const whereOf = (orgId: number, conditions: Condition[]): SQL =>
  sql.join(
    [
      sql`${i.orgId} = ${orgId}`,
      sql`${i.mergedInto} is null`,
      ...conditions.map((each) => sqlOf(orgId, each, true)),
    ],
    sql` and `,
  );

/**
 * What all rows must meet (`isJoined`) may be looked up by an index of its own and joined; what is one of several, or
 * must not be, is looked for in one issue after another.
 */
function sqlOf(orgId: number, condition: Condition, isJoined: boolean): SQL {
  const { on, negated } = condition;
  if (on === "project") return ids(i.projectId, condition.values, negated);
  if (on === "issue") return ids(i.id, condition.values, negated);
  const source = isJoined && !negated ? sourceOf(orgId, condition) : undefined;
  if (source) return sql`${i.id} in (${source})`;
  const positive = positiveOf(orgId, condition, isJoined && !negated);
  return negated ? sql`not (${positive})` : positive;
}

function ids(column: Column, values: number[], negated: boolean): SQL {
  const [only] = values;
  if (values.length === 1 && !negated) return sql`${column} = ${only}`;
  return negated ? sql`${column} <> all(${list(values)}::bigint[])` : anyOf(column, values);
}

const list = (values: (number | bigint)[]) => `{${values.join(",")}}`;

const columns = {
  event_count: i.eventCount,
  user_count: i.userCount,
  first_seen_at: i.firstSeenAt,
  last_seen_at: i.lastSeenAt,
  title: x.title,
  culprit: x.culprit,
  type: x.type,
  platform: x.platform,
};

type Looked = Exclude<Condition, { on: "project" } | { on: "issue" }>;

function positiveOf(orgId: number, condition: Looked, isJoined: boolean): SQL {
  switch (condition.on) {
    case "all":
      return allOf(condition.of.map((each) => sqlOf(orgId, each, isJoined)));
    case "any":
      return either(condition.of.map((each) => sqlOf(orgId, each, false)));
    case "status":
      return either(condition.values.map((value) => sql`${i.status} = ${value}`));
    case "substatus":
      return either(condition.values.map((value) => ofSubstatus(value, condition.newSince)));
    case "assigned":
      return sql`exists (
        select 1 from ${issueAssignments} z where ${z.issueId} = ${i.id}
          ${condition.to === "anybody" ? sql`` : sql`and ${isOf(condition.to)}`})`;
    case "suggested":
      return sql`exists (
        select 1 from ${suggestedOwners} z where ${z.issueId} = ${i.id} and ${hasNobody}
          ${condition.to === "anybody" ? sql`` : sql`and ${isOf(condition.to)}`})`;
    case "marked":
      return sql`${i.id} in (${markedBy(condition)})`;
    case "level":
      return either(condition.values.map((value) => sql`${i.level} = ${value}`));
    case "priority":
      return either(condition.values.map((value) => sql`${priorityNumber} = ${value}`));
    case "number":
    case "moment":
      return allOf(
        condition.all.map(({ sign, value }) => {
          const bound = value instanceof Date ? value.toISOString() : value;
          return sql`${columns[condition.column]} ${sql.raw(sign)} ${bound}`;
        }),
      );
    case "seen":
      return seen(condition);
    case "tag":
      return tagged(valuesOf(condition.key, condition.values));
    case "measured":
      return tagged(measured(condition));
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
    case "column":
      return sql`exists (
        select 1 from ${issueDetails} x where ${x.issueId} = ${i.id} and ${ofColumn(condition.column, condition.values)})`;
    case "words":
      return sql`exists (
        select 1 from ${issueTexts} y where ${y.issueId} = ${i.id} and ${said(condition.pattern)})`;
    case "field":
      return sql`exists (
        select 1 from ${issueTexts} y where ${y.issueId} = ${i.id} and ${inFields(condition.fields, condition.values)})`;
    case "fielded":
      return sql`exists (
        select 1 from ${issueTexts} y where ${y.issueId} = ${i.id} and ${either(condition.fields.map(hasField))})`;
  }
}

/** Ids of the issues that meet a condition, found without them; undefined: there is no index for that. */
function sourceOf(orgId: number, condition: Condition): SQL | undefined {
  if (condition.negated) return undefined;
  const ofOrg = sql`${y.orgId} = ${orgId}`;
  switch (condition.on) {
    case "any": {
      const sources = condition.of.map((each) => sourceOf(orgId, each));
      if (sources.length === 0 || sources.includes(undefined)) return undefined;
      return sql.join(sources as SQL[], sql` union all `);
    }
    case "issue":
      return sql`select unnest(${list(condition.values)}::bigint[])`;
    case "tag":
      return sql`select ${t.issueId} from ${issueTags} t
        where ${t.projectId} in (select ${p.id} from ${projects} p where ${p.orgId} = ${orgId})
          and ${valuesOf(condition.key, condition.values)}`;
    case "assigned":
      if (condition.to === "anybody") return undefined;
      return sql`select ${z.issueId} from ${issueAssignments} z where ${isOf(condition.to)}`;
    case "suggested":
      if (condition.to === "anybody") return undefined;
      return sql`select ${z.issueId} from ${suggestedOwners} z where ${isOf(condition.to)} and ${hasNobody}`;
    case "marked":
      return markedBy(condition);
    case "column":
      if (condition.column === "type" || condition.column === "platform") return undefined;
      return sql`select ${x.issueId} from ${issueDetails} x where ${ofColumn(condition.column, condition.values)}`;
    case "words":
      return sql`select ${y.issueId} from ${issueTexts} y where ${ofOrg} and ${said(condition.pattern)}`;
    case "field":
      return sql`select ${y.issueId} from ${issueTexts} y where ${ofOrg} and ${inFields(condition.fields, condition.values)}`;
    case "all":
    case "status":
    case "substatus":
    case "level":
    case "priority":
    case "project":
    case "number":
    case "moment":
    case "seen":
    case "tagged":
    case "measured":
    case "person":
    case "anyone":
    case "everything":
    case "fielded":
      return undefined;
  }
}

const markedBy = ({
  mark,
  memberIds,
}: {
  mark: "bookmarked" | "subscribed";
  memberIds: number[];
}) => (mark === "bookmarked" ? bookmarkedBy(memberIds) : followedBy(memberIds));

/** Served by issue_assignments_member and issue_assignments_team. */
const hasNobody = sql`not exists (select 1 from ${issueAssignments} k where ${k.issueId} = ${z.issueId})`;

/** For a row of either table as `z`. */
const isOf = ({ memberIds, teamIds }: Assigned): SQL =>
  either([
    ...(memberIds.length > 0 ? [anyOf(z.memberId, memberIds)] : []),
    ...(teamIds.length > 0 ? [anyOf(z.teamId, teamIds)] : []),
  ]);

const either = (any: SQL[]): SQL => {
  const [only] = any;
  if (!only) return sql`false`;
  return any.length === 1 ? only : sql`(${sql.join(any, sql` or `)})`;
};

const allOf = (all: SQL[]): SQL => {
  const [only] = all;
  if (!only) return sql`true`;
  return all.length === 1 ? only : sql`(${sql.join(all, sql` and `)})`;
};

/** No index knows environments: so many of the newest events are looked at, and whole weeks by the counts of the tag. */
const walkedMax = 5000;

function seen({ from, to, environments }: Extract<Condition, { on: "seen" }>): SQL {
  const [start, end] = [from, to].map((moment) => sql`${moment.toISOString()}::timestamptz`);
  const inPeriod = sql`from ${events} e where ${e.issueId} = ${i.id} and ${e.receivedAt} between ${start} and ${end}`;
  if (environments.length === 0) return sql`exists (select 1 ${inPeriod})`;
  const tags = environments.map((name) => BigInt(tagOf("environment", name)));
  return sql`(exists (
      select 1 from ${issueTags} t
       where ${t.issueId} = ${i.id} and ${anyOf(t.tag, tags)} and ${t.week} >= ${start} and ${t.week} <= ${end} - interval '7 days')
    or exists (
      select 1 from (select ${e.environment} as environment ${inPeriod} order by ${e.receivedAt} desc limit ${walkedMax}) w
       where ${anyOf(sql`w.environment`, tags)}))`;
}

/** As src/issues/shapes.ts tells it of a row. Served by the primary key of issue_states. */
function ofSubstatus(value: OpenSubstatus, newSince: Date): SQL {
  const since = newSince.toISOString();
  const stated = (condition: SQL) => sql`exists (
    select 1 from ${issueStates} s
     where ${s.issueId} = ${i.id} and ${s.since} = ${i.statusChangedAt} and ${condition})`;
  const isRegressed = stated(sql`${s.substatus} = 'regressed' and ${s.since} > ${since}`);
  const isEscalating = stated(sql`${s.substatus} = 'escalating'`);
  const isNew = allOf([
    sql`${i.firstSeenAt} > ${since}`,
    sql`not ${stated(sql`${s.substatus} is not null`)}`,
  ]);
  const isForReview = either([isNew, isRegressed, isEscalating]);
  const ways: Record<OpenSubstatus, SQL> = {
    new: isNew,
    regressed: isRegressed,
    escalating: isEscalating,
    for_review: isForReview,
    ongoing: sql`not ${isForReview}`,
  };
  return allOf([sql`${i.status} = 'unresolved'`, ways[value]]);
}

const tagged = (condition: SQL): SQL => sql`exists (
  select 1 from ${issueTags} t
   where ${t.issueId} = ${i.id} and ${t.projectId} = ${i.projectId} and ${condition})`;

/** What is no number fits nothing. */
const measured = ({ key, all }: Extract<Condition, { on: "measured" }>): SQL => sql`${within(key)}
  and case when ${t.value} ~ '^-?[0-9]{1,15}([.][0-9]{1,9})?$' then ${allOf(
    all.map(
      ({ sign, value }) => sql`${t.value}::numeric ${sql.raw(sign)} ${Number(value)}::numeric`,
    ),
  )} else false end`;

const within = (key: string): SQL =>
  sql`${t.tag} between ${firstTagOf(key)}::bigint and ${lastTagOf(key)}::bigint`;

function valuesOf(key: string, values: Pattern[]): SQL {
  const exact = values.filter((value) => !hasWildcard(value)).map(written);
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
    ...values
      .filter(hasWildcard)
      .map((value) => sql`(${within(key)} and ${t.value} ilike ${likeOf(value)})`),
  ]);
}

const likeOf = (pattern: Pattern): string => pattern.map(likeText).join("%");

/** The index knows the whole text only. */
const ofColumn = (column: "title" | "culprit" | "type" | "platform", values: Pattern[]): SQL =>
  either(
    values.map((value) => {
      const whole = sql`${columns[column]} ilike ${likeOf(value)}`;
      return column === "title" || column === "culprit"
        ? sql`(${x.searchText} ilike ${`%${likeOf(value)}%`} and ${whole})`
        : whole;
    }),
  );

/** A text of any field that people read; what stands around a `*` is in one of them. */
function said(pattern: Pattern): SQL {
  const somewhere = sql`not ${y.isFact} and ${y.text} ilike ${`%${likeOf(pattern)}%`}`;
  return hasWildcard(pattern)
    ? sql`${somewhere} and ${hasLine([`%${likeOf(pattern)}%`])}`
    : somewhere;
}

/** A line is the mark of its field before its text (src/issues/text-lines.ts). The first comparison is for the index. */
function inFields(fields: readonly EventFieldName[], values: Pattern[]): SQL {
  const kind = fields.every(isFact) ? sql`${y.isFact}` : sql`not ${y.isFact}`;
  return either(
    values.map((value) => {
      const like = likeOf(value);
      const lines = fields.map((name) => `${markOf(name)}${like}`);
      return sql`(${kind} and ${y.text} ilike ${`%${like}%`} and ${hasLine(lines)})`;
    }),
  );
}

const hasLine = (patterns: string[]): SQL => sql`exists (
  select 1 from string_to_table(${y.text}, E'\\n') line
   where ${either(patterns.map((pattern) => sql`line ilike ${pattern}`))})`;

const hasField = (name: EventFieldName): SQL =>
  sql`(${y.isFact} = ${isFact(name)} and strpos(${y.text}, ${`\n${markOf(name)}`}) > 0)`;
