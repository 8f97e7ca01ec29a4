import { sql } from "drizzle-orm";
import type { Db } from "../platform/database";

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
      (select count(*)::integer from organizations where deleted_at is null) as organizations,
      (select count(*)::integer from projects where deleted_at is null) as projects,
      (select count(*)::integer from users where is_active) as users,
      (select greatest(reltuples, 0)::bigint from pg_class where oid = 'issues'::regclass) as issues,
      (select count(*)::integer from (
        select 1 from issue_changes where handled_at is null limit ${countedMax}) waiting) as "changesWaiting",
      (select coalesce(extract(epoch from ${now.toISOString()}::timestamptz - min(created_at)), 0)::integer
         from issue_changes where handled_at is null) as "oldestChangeSeconds"`);

export type OutcomeSum = { category: string; outcome: string; quantity: string };

/** What was sent since a moment. Served by outcome_hours_hour. */
export const selectOutcomeSums = (db: Db, since: Date) =>
  db.execute<OutcomeSum>(sql`
    select category, outcome, sum(quantity)::bigint as quantity from outcome_hours
     where hour >= ${since.toISOString()}
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
      select min(created_at) as since from issue_changes where handled_at is null
    )
    select r.reader, coalesce(f.retrying, 0) as retrying,
           (select count(*)::integer from (
             select 1 from issue_change_failures p
              where p.reader = r.reader and p.parked_at is not null limit ${countedMax}) parked) as parked,
           coalesce(extract(epoch from ${now.toISOString()}::timestamptz - least(w.since, f.since)), 0)::integer as "lagSeconds"
      from json_array_elements_text(${JSON.stringify(readers)}::json) as r(reader) cross join waiting w
      cross join lateral (
        select count(*)::integer as retrying, min(c.created_at) as since
          from (select change_id from issue_change_failures d
                 where d.reader = r.reader and d.parked_at is null
                 order by d.next_attempt_at, d.change_id limit ${countedMax}) due
          join issue_changes c on c.id = due.change_id) f
     order by r.reader`);
