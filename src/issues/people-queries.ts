import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";
import type { EventRow } from "./event-queries";
import { tagOf } from "./tag-queries";

const e = alias(events, "e");
const l = alias(events, "l");

/** People are those of so many of the newest events. */
export const peopleEventsMax = 10_000;

export type PeopleSort = "count" | "last" | "first";

/** A person, by one of their events: only that says who they are. */
export type PersonRow = EventRow & {
  count: number;
  firstSeen: string;
  lastSeen: string;
  /** Stands for the person in a cursor. */
  hash: string;
  sortValue: string;
  /** People in all, and events that were looked at. */
  people: number;
  walked: number;
};

const keys = {
  count: { by: sql`g.count`, type: "bigint" },
  last: { by: sql`g.last_at`, type: "timestamptz" },
  first: { by: sql`g.first_at`, type: "timestamptz" },
};
const byHash = { by: sql`md5(g.user_hash::text)::uuid`, type: "uuid" };
const iso = (moment: SQL) =>
  sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * A page of the people of an issue, in some environments where these are named, or of these hashes alone. Served by
 * events_issue_received.
 */
export function selectPeople(
  db: Db,
  issueId: number,
  environments: string[],
  sort: PeopleSort,
  range: Range,
  hashes?: bigint[],
) {
  const key = keys[sort];
  const { condition, order, limit } = keyset(key, byHash, range, "descending");
  const tags = environments.map((name) => BigInt(tagOf("environment", name)));
  const isIn = environments.length > 0 ? sql`and ${anyOf(sql`w.environment`, tags)}` : sql``;
  const isOne = hashes ? sql`and ${anyOf(sql`w.user_hash`, hashes)}` : sql``;
  return db.execute<PersonRow>(sql`
    with w as materialized (
      select * from ${events} e where ${e.issueId} = ${issueId} order by ${e.receivedAt} desc limit ${peopleEventsMax}
    ), met as materialized (
      select * from w where w.user_hash is not null ${isIn} ${isOne}
    ), g as materialized (
      select user_hash, count(*)::integer as count, min(received_at) as first_at, max(received_at) as last_at
        from met group by user_hash
    ), l as (
      select distinct on (user_hash) * from met order by user_hash, received_at desc
    )
    select g.count, ${iso(sql`g.first_at`)} as "firstSeen", ${iso(sql`g.last_at`)} as "lastSeen", ${byHash.by} as hash,
           ${key.by}::text as "sortValue", (select count(*)::integer from g) as people, (select count(*)::integer from w) as walked,
           ${l.eventId} as "eventId", ${l.projectId} as "projectId", ${l.issueId} as "issueId", ${iso(sql`${l.receivedAt}`)} as "receivedAt",
           ${l.segmentId} as "segmentId", ${l.segmentOffset} as "offset", ${l.segmentLength} as "length"
      from g join l using (user_hash)
     ${condition ? sql`where ${condition}` : sql``} order by ${order} limit ${limit}`);
}
