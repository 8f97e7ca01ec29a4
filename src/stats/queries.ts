import { and, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { projects } from "../../drizzle/schema/projects";
import { countedMessages, outcomeHours } from "../../drizzle/schema/stats";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { sqlTemplate } from "../platform/sql-template";
import type { Category } from "../protocol/categories";
import type { Outcome, Reason } from "../protocol/outcomes";

const o = alias(outcomeHours, "o");
const p = alias(projects, "p");

export type OutcomeRow = {
  /** The message whose redelivery must not count again; absent when the caller sees to that. */
  messageId?: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  projectId: number;
  /** Milliseconds since 1970, a whole hour. */
  hour: number;
  category: Category;
  outcome: Outcome;
  reason: Reason;
  quantity: number;
};

/**
 * Adds counts per project and hour. Rows that name a message count once per message, however often it comes;
 * rows without one are the caller's to keep unique. Nothing is counted of projects that are deleted. Upserts in key order, so that writers cannot deadlock.
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
  return db.execute(countingOnce({ input, counts: addCounts(uncounted) }));
}

const uncounted = sql`input where message_id is null or message_id in (select message_id from counted)`;

const countingOnce = sqlTemplate<"input" | "counts">(
  (value) => sql`
    with input as materialized (
      select x.* from json_to_recordset(${value("input")}::json) as x(
        message_id uuid, received_at timestamptz, project_id bigint, hour timestamptz,
        category text, outcome text, reason text, quantity bigint)
        join ${projects} p on ${p.id} = x.project_id and ${p.deletedAt} is null
    ), counted as (
      insert into ${countedMessages} (${columnNames(countedMessages, "receivedAt", "messageId")})
      select distinct received_at, message_id from input where message_id is not null
      order by message_id, received_at
      on conflict do nothing
      returning message_id
    )
    ${value("counts")}`,
);

/** Adds up rows that have the columns of outcome_hours; part of a statement, also of another feature's. */
export const addCounts = (rows: SQL): SQL => adding({ rows });

const keyOfCounts = columnNames(
  outcomeHours,
  ...(["projectId", "hour", "category", "outcome", "reason"] as const),
);
const adding = sqlTemplate<"rows">(
  (value) => sql`
    insert into ${outcomeHours} (${keyOfCounts}, ${columnNames(outcomeHours, "quantity")})
    select project_id, hour, category, outcome, reason, sum(quantity)
      from ${value("rows")}
     group by project_id, hour, category, outcome, reason
     order by project_id, hour, category, outcome, reason
    on conflict (${keyOfCounts})
      do update set ${columnNames(outcomeHours, "quantity")} = ${outcomeHours.quantity} + excluded.quantity`,
);

export const insertCountedMessages = (
  tx: Db,
  messages: { id: string; receivedAt: number }[],
): Statement => tx.execute(noting({ messages: JSON.stringify(messages.map(rowOfMessage)) }));

const noting = sqlTemplate<"messages">(
  (value) => sql`
    insert into ${countedMessages} (${columnNames(countedMessages, "receivedAt", "messageId")})
    select received_at, message_id
      from json_to_recordset(${value("messages")}::json) as x(message_id uuid, received_at timestamptz)
     order by message_id, received_at
    on conflict do nothing`,
);

const rowOfMessage = ({ id, receivedAt }: { id: string; receivedAt: number }) => ({
  message_id: id,
  received_at: new Date(receivedAt).toISOString(),
});

/** Served by the primary key of counted_messages, in the one partition of that moment. */
export const selectCountedMessage = (
  db: Db,
  { id, receivedAt }: { id: string; receivedAt: number },
) =>
  db
    .select({ messageId: countedMessages.messageId })
    .from(countedMessages)
    .where(
      and(eq(countedMessages.messageId, id), eq(countedMessages.receivedAt, new Date(receivedAt))),
    );

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

export type SeriesFilter = {
  projectIds: number[];
  categories: string[];
  outcomes: string[];
  reasons: string[];
  groupBy: ("outcome" | "category" | "reason" | "project")[];
  from: Date;
  to: Date;
  stepSeconds: number;
};
export type GroupRow = {
  hasProject: boolean;
  bucket: string | null;
  by: Record<string, string | number>;
  quantity: string;
};

/** One more than an answer holds, so that too many can be distinguished from just enough. */
export const pointsMax = 10_000;

/**
 * Sums per bucket and group over the projects of an organization. One row without a bucket when nothing was sent, so
 * that the caller can tell an empty answer from no project. Served by the primary key of outcome_hours.
 */
export function selectOutcomeSeries(db: Db, orgId: number, filter: SeriesFilter) {
  const columns = {
    outcome: o.outcome,
    category: o.category,
    reason: o.reason,
    project: o.projectId,
  };
  const list = (values: string[]) =>
    sql`(select json_array_elements_text(${JSON.stringify(values)}::json))`;
  // Written out, and not as parameters: what is grouped by must be the same expression.
  const members = filter.groupBy.map((name) => sql`${sql.raw(`'${name}'`)}, ${columns[name]}`);
  const by =
    members.length === 0
      ? sql`'{}'::jsonb`
      : sql`jsonb_build_object(${sql.join(members, sql`, `)})`;
  const chosen =
    filter.projectIds.length > 0 ? sql`and ${anyOf(projects.id, filter.projectIds)}` : sql``;
  return db.execute<GroupRow>(sql`
    with mine as materialized (
      select ${projects.id} from ${projects} where ${projects.orgId} = ${orgId} and ${projects.deletedAt} is null ${chosen}
    ), sums as (
      select date_bin(make_interval(secs => ${filter.stepSeconds}), ${o.hour}, ${filter.from.toISOString()}::timestamptz)
               as bucket, ${by} as by, sum(${o.quantity}) as quantity
        from ${outcomeHours} o
       where ${o.projectId} in (select id from mine)
         and ${o.hour} >= ${filter.from.toISOString()} and ${o.hour} < ${filter.to.toISOString()}
         ${filter.categories.length > 0 ? sql`and ${o.category} in ${list(filter.categories)}` : sql``}
         ${filter.outcomes.length > 0 ? sql`and ${o.outcome} in ${list(filter.outcomes)}` : sql``}
         ${filter.reasons.length > 0 ? sql`and ${o.reason} in ${list(filter.reasons)}` : sql``}
       group by 1, 2
       order by 2, 1
       limit ${pointsMax + 1}
    )
    select exists (select 1 from mine) as "hasProject", s.bucket, coalesce(s.by, '{}'::jsonb) as by,
           coalesce(s.quantity, 0) as quantity
      from (select 1) one left join sums s on true`);
}
