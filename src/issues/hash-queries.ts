import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issueHashes, issues } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import type { Db } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";
import type { EventRow } from "./event-queries";

const d = alias(issueDetails, "d");
const e = alias(events, "e");
const f = alias(issues, "f");
const h = alias(issueHashes, "h");
const p = alias(projects, "p");

/** The newest events of an issue that are counted by hash: no index knows hashes. */
export const countedMax = 100_000;

export type HashRow = {
  hash: string;
  /** Of the newest `countedMax` events of the issue, those that it found. */
  count: number;
  firstSeenAt: string | null;
  lastSeenAt: string | null;
  walked: number;
  /** The issue that it led to before that was merged. */
  former: { id: string; shortNumber: number; projectSlug: string; title: string } | null;
  latest: EventRow | null;
};

/** A hash leads to one issue, so that nothing else is needed to tell it. */
const noId = { by: sql`0`, type: "bigint" };
const iso = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

/**
 * A page of the hashes that lead to an issue, in their order, each with its newest event. Served by issue_hashes_issue,
 * events_issue_received and the primary keys of issues and issue_details.
 */
export function selectHashes(db: Db, issueId: number, range: Range) {
  const { condition, limit, direction } = keyset(h.hash, noId, range);
  return db.execute<HashRow>(sql`
    with page as materialized (
      select ${h.hash}, ('x' || left(${h.hash}, 16))::bit(64)::bigint as number, ${h.formerIssueId} as former_id
        from ${issueHashes} h
       where ${h.issueId} = ${issueId} and ${h.hash} ~ '^[0-9a-f]{16}' ${condition ? sql`and ${condition}` : sql``}
       order by ${h.hash} ${direction} limit ${limit}
    ), walk as materialized (
      select ${e.hash} as number, ${e.receivedAt} as at, ${e.eventId} as id, ${e.projectId} as project_id, ${e.segmentId} as segment_id,
             ${e.segmentOffset} as at_byte, ${e.segmentLength} as size
        from ${events} e where ${e.issueId} = ${issueId} order by ${e.receivedAt} desc limit ${countedMax}
    ), counted as materialized (
      select number, count(*)::integer as n, min(at) as first, max(at) as last from walk group by number
    ), latest as materialized (
      select distinct on (w.number) w.* from walk w join counted c on c.number = w.number and c.last = w.at order by w.number, w.id
    )
    select page.hash, coalesce(c.n, 0) as count, to_char(c.first at time zone 'UTC', ${iso}) as "firstSeenAt",
           to_char(c.last at time zone 'UTC', ${iso}) as "lastSeenAt", (select count(*)::integer from walk) as walked,
           case when ${f.id} is not null then json_build_object(
             'id', ${f.id}::text, 'shortNumber', ${f.shortNumber}, 'projectSlug', ${p.slug}, 'title', ${d.title}) end as former,
           case when l.id is not null then json_build_object(
             'eventId', l.id, 'projectId', l.project_id::text, 'issueId', ${issueId}::bigint::text,
             'receivedAt', to_char(l.at at time zone 'UTC', ${iso}), 'segmentId', l.segment_id, 'offset', l.at_byte, 'length', l.size) end as latest
      from page
      left join counted c on c.number = page.number
      left join latest l on l.number = page.number
      left join ${issues} f on ${f.id} = page.former_id and ${f.id} <> ${issueId}
      left join ${issueDetails} d on ${d.issueId} = ${f.id}
      left join ${projects} p on ${p.id} = ${f.projectId}
     order by page.hash ${direction}`);
}
