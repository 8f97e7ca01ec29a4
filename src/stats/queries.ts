import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { OutcomeRow } from "./outcomes";

/**
 * Adds counts per project and hour. Rows that name a message count once per message, however often it comes;
 * rows without one are the caller's to keep unique. Upserts in key order, so that writers cannot deadlock.
 */
export function addOutcomeRows(db: Db, rows: OutcomeRow[]): Statement {
  const input = JSON.stringify(
    rows.map(({ messageId, receivedAt, hour, ...row }) => ({
      ...row,
      message_id: messageId ?? null,
      received_at: new Date(receivedAt).toISOString(),
      project_id: row.projectId,
      hour: new Date(hour).toISOString(),
    })),
  );
  return db.execute(sql`
    with input as materialized (
      select * from json_to_recordset(${input}::json) as x(
        message_id uuid, received_at timestamptz, project_id bigint, hour timestamptz,
        category text, outcome text, reason text, quantity bigint)
    ), counted as (
      insert into counted_messages (received_at, message_id)
      select distinct received_at, message_id from input where message_id is not null
      order by message_id, received_at
      on conflict do nothing
      returning message_id
    )
    insert into outcome_hours (hour, project_id, category, outcome, reason, quantity)
    select hour, project_id, category, outcome, reason, sum(quantity)
      from input
     where message_id is null or message_id in (select message_id from counted)
     group by project_id, hour, category, outcome, reason
     order by project_id, hour, category, outcome, reason
    on conflict (project_id, hour, category, outcome, reason)
      do update set quantity = outcome_hours.quantity + excluded.quantity`);
}

export const ensurePartitions = (
  db: Db,
  table: string,
  from: Date,
  weeks: number,
  weeksEach: number,
) =>
  db.execute(
    sql`select ensure_partitions(${table}, ${from.toISOString()}::timestamptz, ${weeks}::integer, ${weeksEach}::integer)`,
  );

export const dropOldPartitions = (db: Db, table: string, cutoff: Date) =>
  db.execute(sql`select drop_partitions_before(${table}, ${cutoff.toISOString()}::timestamptz)`);
