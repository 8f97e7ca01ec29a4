import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { deletedIssues } from "../../drizzle/schema/triage";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { dashed } from "../platform/ids";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";
import { tagOf } from "./tag-queries";

const d = alias(deletedIssues, "d");
const e = alias(events, "e");
const n = alias(events, "n");

export type EventRow = {
  eventId: string;
  projectId: string;
  issueId: string;
  receivedAt: string;
  segmentId: string;
  offset: number;
  length: number;
};

type Columns = Record<"issueId" | "projectId" | "receivedAt" | "environment", Column>;

const columns = fixedSql(sql`
  ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
  to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
  ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length"`);

/** What events are asked for, by what is on their rows. No environments: of any. */
export type RowFilter = { ids?: string[]; from?: Date; to?: Date; environments?: string[] };

/** No index knows environments: of so many rows in the order of time those that are of one are picked. */
export const walkedMax = 5000;

/** An event is looked for in one issue, or in one project, of the caller's organizations. */
export type EventScope = { issueId: number } | { projectId: number };

/**
 * Newest first. Served by events_issue_received or, of a project, events_project_received; by ids, which are few, by the
 * primary key. Of some environments it finds what is among the next `walkedMax` events, see selectWalkEnd.
 */
export function selectEvents(
  db: Db,
  scope: EventScope,
  projectId: number,
  range: Range,
  filter: RowFilter = {},
) {
  const { condition, order, limit } = keyset(e.receivedAt, e.eventId, range, "descending");
  const from = among(projectId, filter.ids);
  const where = sql`${within(scope)} ${and(condition)} ${period(e, filter)}`;
  const source = filter.environments
    ? sql`(select * from ${from} e where ${where} order by ${order} limit ${walkedMax}) e where ${ofEnvironments(e, filter)}`
    : sql`${from} e where ${where}`;
  return db.execute<EventRow>(sql`
    select ${columns} from ${source} order by ${order} limit ${limit}`);
}

/** Where selectEvents stopped to look, if there may be more. Served by events_issue_received or events_project_received. */
export function selectWalkEnd(
  db: Db,
  scope: EventScope,
  projectId: number,
  range: Range,
  filter: RowFilter,
) {
  const { condition, order } = keyset(e.receivedAt, e.eventId, range, "descending");
  return db.execute<EventRow>(sql`
    select ${columns} from ${among(projectId, filter.ids)} e
     where ${within(scope)} ${and(condition)} ${period(e, filter)}
     order by ${order} limit 1 offset ${walkedMax - 1}`);
}

const and = (condition: SQL | undefined): SQL => (condition ? sql`and ${condition}` : sql``);

const period = (of: Columns, { from, to }: RowFilter): SQL => sql`
  ${and(from && sql`${of.receivedAt} >= ${from.toISOString()}::timestamptz`)}
  ${and(to && sql`${of.receivedAt} <= ${to.toISOString()}::timestamptz`)}`;

const ofEnvironments = (of: Columns, { environments }: RowFilter): SQL =>
  environments
    ? anyOf(
        of.environment,
        environments.map((name) => BigInt(tagOf("environment", name))),
      )
    : sql`true`;

/** Fenced off by OFFSET, so that nobody walks through an issue for the sake of its order. */
const among = (projectId: number, ids: string[] | undefined): SQL =>
  ids
    ? sql`(select * from ${events} where ${events.projectId} = ${projectId}
             and ${events.eventId} = any(${`{${ids.map(dashed).join(",")}}`}::uuid[]) offset 0)`
    : sql`${events}`;

const within = (scope: EventScope, of: Columns = e): SQL =>
  "issueId" in scope
    ? sql`${of.issueId} = ${scope.issueId}`
    : // What is left of deleted issues is removed in the background.
      sql`${of.projectId} = ${scope.projectId}
        and not exists (select 1 from ${deletedIssues} d where ${d.issueId} = ${of.issueId})`;

const keys = fixedSql(sql`${e.receivedAt}, ${e.eventId}`);
const keysOfOther = fixedSql(sql`${n.receivedAt}, ${n.eventId}`);
const newestFirst = fixedSql(sql`order by ${e.receivedAt} desc, ${e.eventId} desc`);
const oldestFirst = fixedSql(sql`order by ${e.receivedAt} asc, ${e.eventId} asc`);
const othersNewestFirst = fixedSql(sql`order by ${n.receivedAt} desc, ${n.eventId} desc`);
const othersOldestFirst = fixedSql(sql`order by ${n.receivedAt} asc, ${n.eventId} asc`);

export type NeighbouredRow = EventRow & {
  newerId: string | null;
  olderId: string | null;
  /** Of the newest `walkedMax` events of the period: those that are asked for, and how many of these are newer. */
  walked: number;
  total: number;
  newer: number;
  /** Whether the event itself is among them. */
  isAmong: boolean;
};

/**
 * One event of a scope, which need not be what the filter asks for, or the latest or the oldest that is; with its
 * neighbours and its place among those that are. Served by events_issue_received or events_project_received, and the
 * primary key of events.
 */
export const selectEvent = (
  db: Db,
  scope: EventScope,
  projectId: number,
  which: string | "latest" | "oldest",
  filter: RowFilter = {},
) =>
  db.execute<NeighbouredRow>(sql`
    select e.*, ${neighbour(scope, filter, ">")} as "newerId", ${neighbour(scope, filter, "<")} as "olderId", place.*
      from (
        select ${columns}, ${keys} from ${chosen(scope, projectId, which, filter)} limit 1
      ) e cross join lateral (
        select count(*)::integer as walked, (count(*) filter (where w.is_in))::integer as total,
               (count(*) filter (where w.is_in and (w.received_at, w.event_id) > (${keys})))::integer as newer,
               coalesce(bool_or(w.is_in and w.event_id = ${e.eventId}), false) as "isAmong"
          from (
            select ${keysOfOther}, coalesce(${ofEnvironments(n, filter)}, false) as is_in from ${events} n
             where ${within(scope, n)} ${period(n, filter)} ${othersNewestFirst} limit ${walkedMax}) w
      ) place`);

function chosen(scope: EventScope, projectId: number, which: string, filter: RowFilter): SQL {
  const here = sql`${within(scope)} and ${e.projectId} = ${projectId}`;
  if (which !== "latest" && which !== "oldest") {
    return sql`${events} e where ${here} and ${e.eventId} = ${dashed(which)}::uuid ${newestFirst}`;
  }
  const order = which === "latest" ? newestFirst : oldestFirst;
  const where = sql`${here} ${period(e, filter)}`;
  return filter.environments
    ? sql`(select * from ${events} e where ${where} ${order} limit ${walkedMax}) e where ${ofEnvironments(e, filter)} ${order}`
    : sql`${events} e where ${where} ${order}`;
}

function neighbour(scope: EventScope, filter: RowFilter, sign: ">" | "<"): SQL {
  const order = sign === ">" ? othersOldestFirst : othersNewestFirst;
  const where = sql`${within(scope, n)} and (${keysOfOther}) ${sql.raw(sign)} (${keys}) ${period(n, filter)}`;
  return filter.environments
    ? sql`(select ${n.eventId} from (select * from ${events} n where ${where} ${order} limit ${walkedMax}) n
            where ${ofEnvironments(n, filter)} ${order} limit 1)`
    : sql`(select ${n.eventId} from ${events} n where ${where} ${order} limit 1)`;
}
