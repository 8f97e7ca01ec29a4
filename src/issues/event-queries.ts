import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../platform/database";
import { dashed } from "../platform/ids";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

export type EventRow = {
  eventId: string;
  projectId: string;
  issueId: string;
  receivedAt: string;
  segmentId: string;
  offset: number;
  length: number;
};

const columns = sql.raw(`
  e.event_id as "eventId", e.project_id as "projectId", e.issue_id as "issueId",
  to_char(e.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "receivedAt",
  e.segment_id as "segmentId", e.segment_offset as "offset", e.segment_length as "length"`);

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
  const received = { by: sql`e.received_at`, type: "timestamptz" };
  const id = { by: sql`e.event_id`, type: "uuid" };
  const { condition, order, limit } = keyset(received, id, range, "descending");
  return db.execute<EventRow>(sql`
    select ${columns} from ${among(projectId, ids)} e where ${within(scope)} ${condition ? sql`and ${condition}` : sql``}
           ${from ? sql`and e.received_at >= ${from.toISOString()}::timestamptz` : sql``}
           ${to ? sql`and e.received_at <= ${to.toISOString()}::timestamptz` : sql``}
     order by ${order} limit ${limit}`);
}

/** Fenced off by OFFSET, so that nobody walks through an issue for the sake of its order. */
const among = (projectId: number, ids: string[] | undefined): SQL =>
  ids
    ? sql`(select * from events where project_id = ${projectId}
             and event_id = any(${`{${ids.map(dashed).join(",")}}`}::uuid[]) offset 0)`
    : sql.raw("events");

/** An event is looked for in one issue, or in one project, of the caller's organizations. */
export type EventScope = { issueId: number } | { projectId: number };

const within = (scope: EventScope): SQL =>
  "issueId" in scope ? sql`e.issue_id = ${scope.issueId}` : sql`e.project_id = ${scope.projectId}`;

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
    select e.*, ${neighbour(scope, ">", "asc")} as "newerId", ${neighbour(scope, "<", "desc")} as "olderId"
      from (
        select ${columns}, e.received_at, e.event_id from events e
         where ${within(scope)} and e.project_id = ${projectId}
           ${eventId === "latest" ? sql`` : sql`and e.event_id = ${dashed(eventId)}::uuid`}
         order by e.received_at desc, e.event_id desc limit 1
      ) e`);

const neighbour = (scope: EventScope, sign: ">" | "<", direction: "asc" | "desc"): SQL => sql`(
  select n.event_id from events n
   where ${"issueId" in scope ? sql`n.issue_id = ${scope.issueId}` : sql`n.project_id = ${scope.projectId}`}
     and (n.received_at, n.event_id) ${sql.raw(sign)} (e.received_at, e.event_id)
   order by n.received_at ${sql.raw(direction)}, n.event_id ${sql.raw(direction)} limit 1)`;
