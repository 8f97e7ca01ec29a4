import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issueChanges, issueHours, issues } from "../../drizzle/schema/issues";
import { issueStates } from "../../drizzle/schema/states";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import type { ChangeRow } from "./publish-changes";
import { restate } from "./state-queries";

const e = alias(events, "e");
const h = alias(issueHours, "h");
const i = alias(issues, "i");
const s = alias(issueStates, "s");

/** Events of issues by hour, hours without any absent. Served by the primary keys of issues and issue_hours. */
export const selectHours = (db: Db, ids: number[], from: Date, to: Date) =>
  db.execute<{ id: string; firstSeen: number; hours: [seconds: number, count: number][] }>(sql`
    select ${i.id}, extract(epoch from ${i.firstSeenAt})::float as "firstSeen", coalesce((
      select json_agg(json_build_array(extract(epoch from ${h.hour})::bigint, ${h.count})) from ${issueHours} h
       where ${h.issueId} = ${i.id} and ${h.hour} >= ${from.toISOString()} and ${h.hour} < ${to.toISOString()}), '[]'::json) as hours
      from ${issues} i where ${anyOf(i.id, ids)}`);

export type Escalating = { id: number; limit: number; forecast: number };

/**
 * Opens issues that were ignored until they escalate, and notes of open ones that they do, not again within a day; those
 * that came back after they were resolved are talked of already. Answers with the changes. Served by the primary keys of
 * issues and issue_states, and events_issue_received.
 */
export const escalateIssues = (db: Db, escalating: Escalating[], now: Date) =>
  db.execute<ChangeRow>(sql`
    with x as materialized (
      select * from json_to_recordset(${JSON.stringify(escalating)}::json) as x(id bigint, "limit" integer, forecast integer)
    ), chosen as materialized (
      select ${i.id}, x."limit", x.forecast, (
               select replace(${e.eventId}::text, '-', '') from ${events} e where ${e.issueId} = ${i.id} order by ${e.receivedAt} desc limit 1) as event_id
        from ${issues} i join x on x.id = ${i.id}
        left join ${issueStates} s on ${s.issueId} = ${i.id} and ${s.since} = ${i.statusChangedAt}
       where ${i.mergedInto} is null and case ${i.status}
           when 'ignored' then ${s.substatus} = 'archived_until_escalating'
           when 'unresolved' then not coalesce(
             (${s.substatus} = 'escalating' and ${s.since} > ${now.toISOString()}::timestamptz - interval '1 day')
             or (${s.substatus} = 'regressed' and ${s.since} > ${now.toISOString()}::timestamptz - interval '7 days'), false)
           else false end
       order by ${i.id} for update of i
    ), opened as (
      update ${issues} set ${columnNames(issues, "status")} = 'unresolved', ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()}
       where ${issues.id} in (select id from chosen)
    ), stated as (${restate(sql`id, ${now.toISOString()}::timestamptz, 'escalating', "limit" from chosen order by id`)}
    ), happened as (
      ${happeningsOf(
        {
          kind: "set_escalating",
          userId: null,
          data: sql`jsonb_strip_nulls(jsonb_build_object('event_id', event_id, 'forecast', forecast))`,
          now,
        },
        sql`id`,
        sql`from chosen order by id`,
      )}
    )
    insert into ${issueChanges} (${columnNames(issueChanges, "issueId", "change", "eventId")})
    select id, 'escalating', event_id from chosen order by id
    returning ${columnNames(issueChanges, "id")}, ${columnNames(issueChanges, "issueId")} as "issueId", ${columnNames(issueChanges, "change")}`);

/**
 * A chunk of the issues that have been escalating for a day in which no hour had half of the events from which on they
 * did. Served by issue_states_escalating and the primary keys of issue_hours and issues.
 */
export const calmIssues = (db: Db, now: Date, limit: number) =>
  db.execute<{ id: string }>(sql`
    with calm as materialized (
      select ${s.issueId} as issue_id, ${s.since} from ${issueStates} s
        join ${issues} i on ${i.id} = ${s.issueId} and ${i.statusChangedAt} = ${s.since} and ${i.status} = 'unresolved'
       where ${s.substatus} = 'escalating' and ${s.since} < ${now.toISOString()}::timestamptz - interval '1 day'
         and not exists (
           select 1 from ${issueHours} h
            where ${h.issueId} = ${s.issueId} and ${h.hour} > ${now.toISOString()}::timestamptz - interval '1 day' and ${h.count} >= ${s.wanted} / 2.0)
       order by ${s.since}, ${s.issueId} limit ${limit}
    ), chosen as materialized (
      select ${i.id} from ${issues} i join calm on calm.issue_id = ${i.id} and calm.since = ${i.statusChangedAt}
       order by ${i.id} for update of i
    ), changed as (
      update ${issues} set ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()} where ${issues.id} in (select id from chosen)
    ), stated as (${restate(sql`id, ${now.toISOString()}::timestamptz, 'ongoing', null::integer from chosen order by id`)}
    ), happened as (
      ${happeningsOf({ kind: "auto_set_ongoing", userId: null, data: { after_days: 1 }, now }, sql`id`, sql`from chosen order by id`)}
    )
    select id from chosen`);
