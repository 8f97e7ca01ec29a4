import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueJobs, type jobKinds, type jobStates } from "../../drizzle/schema/jobs";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";

const j = alias(issueJobs, "j");

export type JobKind = (typeof jobKinds)[number];

export type JobRow = {
  id: string;
  orgId: number;
  kind: JobKind;
  state: (typeof jobStates)[number];
  issueIds: number[];
  task: unknown;
  at: unknown;
  done: number;
  total: number;
  failures: number;
  error: string | null;
  userId: number | null;
  createdAt: Date;
  finishedAt: Date | null;
};

const columns = {
  id: issueJobs.id,
  orgId: issueJobs.orgId,
  kind: issueJobs.kind,
  state: issueJobs.state,
  issueIds: issueJobs.issueIds,
  task: issueJobs.task,
  at: issueJobs.at,
  done: issueJobs.done,
  total: issueJobs.total,
  failures: issueJobs.failures,
  error: issueJobs.error,
  userId: issueJobs.userId,
  createdAt: issueJobs.createdAt,
  finishedAt: issueJobs.finishedAt,
};

export type NewJob = Pick<
  JobRow,
  "id" | "orgId" | "kind" | "issueIds" | "task" | "at" | "total" | "userId" | "createdAt"
> & { leasedUntil: Date };

/** Un-awaited: committed with what begins the work. */
export const insertJob = (tx: Db, job: NewJob): Statement => tx.insert(issueJobs).values(job);

/** Served by the primary key of issue_jobs. */
export const selectJob = (db: Db, orgId: number, id: string) =>
  db
    .select(columns)
    .from(issueJobs)
    .where(and(eq(issueJobs.orgId, orgId), eq(issueJobs.id, id)));

/** The newest of an organization. Served by issue_jobs_org_created. */
export const selectJobs = (db: Db, orgId: number, limit: number) =>
  db
    .select(columns)
    .from(issueJobs)
    .where(eq(issueJobs.orgId, orgId))
    .orderBy(desc(issueJobs.createdAt), desc(issueJobs.id))
    .limit(limit);

const moves = (issueIds: number[]): SQL =>
  sql`${j.state} = 'running' and ${j.issueIds} && ${`{${issueIds.join(",")}}`}::bigint[]`;

/** A job that still moves rows of one of these issues. Served by issue_jobs_running. */
export const selectJobOf = (db: Db, orgId: number, issueIds: number[]) =>
  db.execute<{ id: string }>(sql`
    select ${j.id} from ${issueJobs} j where ${j.orgId} = ${orgId} and ${moves(issueIds)} limit 1`);

/** No job moves rows of these issues, else SQLSTATE 40001; under the lock of their project. Served by issue_jobs_running. */
export const assertNoJobOf = (tx: Db, orgId: number, issueIds: number[]): Statement =>
  tx.execute(sql`
    select assert_no_rows(count(*)) from ${issueJobs} j where ${j.orgId} = ${orgId} and ${moves(issueIds)}`);

/** Takes a job that nobody works on, the one that waited longest first. Served by issue_jobs_running. */
export const claimJob = (db: Db, now: Date, until: Date) =>
  db.execute<{ id: string; orgId: string }>(sql`
    update ${issueJobs} set ${columnNames(issueJobs, "leasedUntil")} = ${until.toISOString()}::timestamptz
     where ${issueJobs.id} = (
       select ${j.id} from ${issueJobs} j
        where ${j.state} = 'running' and ${j.leasedUntil} <= ${now.toISOString()}::timestamptz
        order by ${j.leasedUntil} limit 1 for update skip locked)
    returning ${issueJobs.id}, ${issueJobs.orgId} as "orgId"`);

/** Whoever comes next goes on with it. Served by the primary key of issue_jobs. */
export const releaseJob = (db: Db, id: string, now: Date): Statement =>
  db.update(issueJobs).set({ leasedUntil: now }).where(eq(issueJobs.id, id));

/** A step that failed, and when it is tried again. Served by the primary key of issue_jobs. */
export const noteJobFailure = (db: Db, id: string, error: string, nextAt: Date) =>
  db
    .update(issueJobs)
    .set({ failures: sql`${issueJobs.failures} + 1`, error, leasedUntil: nextAt })
    .where(and(eq(issueJobs.id, id), eq(issueJobs.state, "running")));

/** Where a job is when a step begins. */
export type Step = { id: string; at: object };

/**
 * The first step of a statement that does a chunk of a job: `job` has a row while the job is where it was read, and holds
 * it, so that two who work on it do nothing twice. Served by the primary key of issue_jobs.
 */
export const heldJob = ({ id, at }: Step): SQL => sql`
  job as materialized (
    select ${j.id} from ${issueJobs} j
     where ${j.id} = ${id}::uuid and ${j.state} = 'running' and ${j.at} = ${JSON.stringify(at)}::jsonb for update)`;

/** The last one: how much was done, and where the job is now; `undefined`: at its end. Answers with how many. */
export const advanced = ({ id }: Step, done: SQL, at: SQL | undefined, now: Date): SQL => sql`
  update ${issueJobs}
     set ${columnNames(issueJobs, "done")} = ${issueJobs.done} + (${done}), ${columnNames(issueJobs, "failures")} = 0,
         ${at ? sql`${columnNames(issueJobs, "at")} = ${at}` : sql`${columnNames(issueJobs, "state")} = 'done', ${columnNames(issueJobs, "error")} = null, ${columnNames(issueJobs, "finishedAt")} = ${now.toISOString()}::timestamptz`}
   where ${issueJobs.id} = ${id}::uuid and exists (select 1 from job)
  returning ${issueJobs.state}`;

/** Served by issue_jobs_finished. */
export const deleteOldJobs = (db: Db, before: Date): Statement =>
  db.delete(issueJobs).where(lt(issueJobs.finishedAt, before));
