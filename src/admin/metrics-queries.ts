import { getTableName, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { events } from "../../drizzle/schema/events";
import { issueChangeFailures, issueChanges, issues } from "../../drizzle/schema/issues";
import { organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import { outcomeHours } from "../../drizzle/schema/stats";
import type { Db } from "../platform/database";

const c = alias(issueChanges, "c");
const d = alias(issueChangeFailures, "d");
const p = alias(issueChangeFailures, "p");

export type Totals = {
  organizations: number;
  projects: number;
  users: number;
  issues: string;
  changesWaiting: number;
  oldestChangeSeconds: number;
};
const countedMax = 10_000;

/** Sizes of an installation; issues are estimated, for counting them would read them all. */
export const selectTotals = (db: Db, now: Date) =>
  db.execute<Totals>(sql`
    select
      (select count(*)::integer from ${organizations} where ${organizations.deletedAt} is null) as organizations,
      (select count(*)::integer from ${projects} where ${projects.deletedAt} is null) as projects,
      (select count(*)::integer from ${users} where ${users.isActive}) as users,
      (select greatest(reltuples, 0)::bigint from pg_class where oid = ${getTableName(issues)}::regclass) as issues,
      (select count(*)::integer from (
        select 1 from ${issueChanges} where ${issueChanges.handledAt} is null limit ${countedMax}) waiting) as "changesWaiting",
      (select coalesce(extract(epoch from ${now.toISOString()}::timestamptz - min(${issueChanges.createdAt})), 0)::integer
         from ${issueChanges} where ${issueChanges.handledAt} is null) as "oldestChangeSeconds"`);

/** What grows: events are estimated like issues, over their partitions. */
export const selectSizes = (db: Db) =>
  db.execute<{ events: string; databaseBytes: string }>(sql`
    select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint as events,
           pg_database_size(current_database()) as "databaseBytes"
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = ${getTableName(events)}::regclass`);

export type OutcomeSum = { category: string; outcome: string; quantity: string };

/** What was sent since a moment. Served by outcome_hours_hour. */
export const selectOutcomeSums = (db: Db, since: Date) =>
  db.execute<OutcomeSum>(sql`
    select ${outcomeHours.category}, ${outcomeHours.outcome}, sum(${outcomeHours.quantity})::bigint as quantity
      from ${outcomeHours} where ${outcomeHours.hour} >= ${since.toISOString()}
     group by 1, 2 order by 1, 2 limit 1000`);

export type ReaderLag = { reader: string; lagSeconds: number; retrying: number; parked: number };

/**
 * How far each reader of issues' changes is behind: the age of the oldest that was not handed out or that it still has
 * to take. Served by issue_changes_unhandled, issue_change_failures_due, issue_change_failures_parked and the primary
 * key of issue_changes.
 */
export const selectReaderLags = (db: Db, readers: string[], now: Date) =>
  db.execute<ReaderLag>(sql`
    with waiting as (
      select min(${c.createdAt}) as since from ${issueChanges} c where ${c.handledAt} is null
    )
    select r.reader, coalesce(f.retrying, 0) as retrying,
           (select count(*)::integer from (
             select 1 from ${issueChangeFailures} p
              where ${p.reader} = r.reader and ${p.parkedAt} is not null limit ${countedMax}) parked) as parked,
           coalesce(extract(epoch from ${now.toISOString()}::timestamptz - least(w.since, f.since)), 0)::integer as "lagSeconds"
      from json_array_elements_text(${JSON.stringify(readers)}::json) as r(reader) cross join waiting w
      cross join lateral (
        select count(*)::integer as retrying, min(${c.createdAt}) as since
          from (select ${d.changeId} from ${issueChangeFailures} d
                 where ${d.reader} = r.reader and ${d.parkedAt} is null
                 order by ${d.nextAttemptAt}, ${d.changeId} limit ${countedMax}) due
          join ${issueChanges} c on ${c.id} = due.change_id) f
     order by r.reader`);
