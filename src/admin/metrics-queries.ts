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
