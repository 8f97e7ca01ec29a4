import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { dashed } from "../platform/ids";
import { keyset } from "../platform/keyset";
import { sqlTemplate } from "../platform/sql-template";
import type { Range } from "../protocol/cursor";

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

const columns = fixedSql(sql`
  ${e.eventId} as "eventId", ${e.projectId} as "projectId", ${e.issueId} as "issueId",
  to_char(${e.receivedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
  ${e.segmentId} as "segmentId", ${e.segmentOffset} as "offset", ${e.segmentLength} as "length"`);
/** What events are asked for, by what is on their rows. */
export type EventFilter = { ids?: string[]; from?: Date; to?: Date };

/**
 * Newest first. Served by events_issue_received or, of a project, events_project_received; by ids, which are few, by the
 * primary key.
 */
export function selectEvents(
  db: Db,
  scope: EventScope,
  projectId: number,
  range: Range,
  { ids, from, to }: EventFilter = {},
) {
  const { condition, order, limit } = keyset(e.receivedAt, e.eventId, range, "descending");
  return db.execute<EventRow>(sql`
    select ${columns} from ${among(projectId, ids)} e where ${within(scope)} ${condition ? sql`and ${condition}` : sql``}
           ${from ? sql`and ${e.receivedAt} >= ${from.toISOString()}::timestamptz` : sql``}
           ${to ? sql`and ${e.receivedAt} <= ${to.toISOString()}::timestamptz` : sql``}
     order by ${order} limit ${limit}`);
}

/** Fenced off by OFFSET, so that nobody walks through an issue for the sake of its order. */
const among = (projectId: number, ids: string[] | undefined): SQL =>
  ids
    ? sql`(select * from ${events} where ${events.projectId} = ${projectId}
             and ${events.eventId} = any(${`{${ids.map(dashed).join(",")}}`}::uuid[]) offset 0)`
    : sql`${events}`;

/** An event is looked for in one issue, or in one project, of the caller's organizations. */
export type EventScope = { issueId: number } | { projectId: number };

const within = (scope: EventScope): SQL =>
  "issueId" in scope
    ? sql`${e.issueId} = ${scope.issueId}`
    : sql`${e.projectId} = ${scope.projectId}`;

const keys = fixedSql(sql`${e.receivedAt}, ${e.eventId}`);
const newestFirst = fixedSql(sql`order by ${e.receivedAt} desc, ${e.eventId} desc`);

/**
 * The newest event of a scope, or the one with an id, and its neighbours. Served by events_issue_received or
 * events_project_received, and the primary key of events.
 */
export const selectEvent = (
  db: Db,
  scope: EventScope,
  projectId: number,
  eventId: string | "latest",
) =>
  db.execute<EventRow & { newerId: string | null; olderId: string | null }>(sql`
    select e.*, ${neighbours(scope)}
      from (
        select ${columns}, ${keys} from ${events} e
         where ${within(scope)} and ${e.projectId} = ${projectId}
           ${eventId === "latest" ? sql`` : sql`and ${e.eventId} = ${dashed(eventId)}::uuid`}
         ${newestFirst} limit 1
      ) e`);

const neighbours = (scope: EventScope): SQL =>
  "issueId" in scope
    ? neighboursInIssue({ id: scope.issueId })
    : neighboursInProject({ id: scope.projectId });

const neighboursAmong = (scope: Column) =>
  sqlTemplate<"id">(
    (value) => sql`(
  select ${n.eventId} from ${events} n
   where ${scope} = ${value("id")} and (${n.receivedAt}, ${n.eventId}) > (${keys})
   order by ${n.receivedAt} asc, ${n.eventId} asc limit 1) as "newerId", (
  select ${n.eventId} from ${events} n
   where ${scope} = ${value("id")} and (${n.receivedAt}, ${n.eventId}) < (${keys})
   order by ${n.receivedAt} desc, ${n.eventId} desc limit 1) as "olderId"`,
  );
const neighboursInIssue = neighboursAmong(n.issueId);
const neighboursInProject = neighboursAmong(n.projectId);
