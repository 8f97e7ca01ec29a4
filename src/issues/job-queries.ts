import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues } from "../../drizzle/schema/issues";
import {
  issueJobSlices,
  issueJobs,
  type jobKinds,
  type jobStates,
} from "../../drizzle/schema/jobs";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import type { IssueFilter } from "./search/condition";
import { whereOf } from "./search/condition-queries";
import { isAsWanted } from "./state-queries";
import type { WantedCells } from "./status-details";

const i = alias(issues, "i");
const j = alias(issueJobs, "j");
const s = alias(issueJobSlices, "s");

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

/** Of how many issues a job changed something. */
export const changedIn = ({ at }: Pick<JobRow, "at">): number =>
  Number((at as { changed?: number }).changed ?? 0);

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
export const assertNoJobOf = (tx: Db, orgId: number, issueIds: number[], but?: string): Statement =>
  tx.execute(sql`
    select assert_no_rows(count(*)) from ${issueJobs} j where ${j.orgId} = ${orgId} and ${moves(issueIds)} ${but ? sql`and ${j.id} <> ${but}::uuid` : sql``}`);

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

/** A step that failed, and when it is tried again; after so many a job is given up. Served by the primary key of issue_jobs. */
export const noteJobFailure = (
  db: Db,
  id: string,
  {
    error,
    nextAt,
    failuresMax,
    now,
  }: { error: string; nextAt: Date; failuresMax: number | null; now: Date },
): Statement => {
  const isLast = sql`${issueJobs.failures} + 1 >= ${failuresMax}::integer`;
  return db.execute(sql`
    update ${issueJobs}
       set ${columnNames(issueJobs, "failures")} = ${issueJobs.failures} + 1, ${columnNames(issueJobs, "error")} = ${error},
           ${columnNames(issueJobs, "leasedUntil")} = ${nextAt.toISOString()}::timestamptz,
           ${columnNames(issueJobs, "state")} = case when ${isLast} then 'failed' else ${issueJobs.state} end,
           ${columnNames(issueJobs, "finishedAt")} = case when ${isLast} then ${now.toISOString()}::timestamptz end
     where ${issueJobs.id} = ${id}::uuid and ${issueJobs.state} = 'running'`);
};

/**
 * Keeps which issues a filter finds now, for a job that was just begun, and how many. Served by issues_org_id and the
 * primary keys of issue_states and issue_jobs.
 */
export const sliceIssues = (
  tx: Db,
  jobId: string,
  orgId: number,
  filter: IssueFilter,
  wanted: WantedCells | undefined,
  { size, max }: { size: number; max: number },
): Statement =>
  tx.execute(sql`
    with found as materialized (
      select ${i.id}, (row_number() over (order by ${i.id}) - 1) / ${size} as slice from ${issues} i
       where ${whereOf(orgId, filter.conditions)} ${wanted === undefined ? sql`` : sql`and not ${isAsWanted(i, wanted)}`}
       order by ${i.id} limit ${max}
    ), sliced as (
      insert into ${issueJobSlices} (${columnNames(issueJobSlices, "jobId", "slice", "issueIds")})
      select ${jobId}::uuid, slice, array_agg(id order by id) from found group by slice
    )
    update ${issueJobs} set ${columnNames(issueJobs, "total")} = (select count(*) from found) where ${issueJobs.id} = ${jobId}::uuid`);

/** The next issues of a job. Served by the primary key of issue_job_slices. */
export const selectSlice = (db: Db, jobId: string) =>
  db
    .select({ slice: issueJobSlices.slice, issueIds: issueJobSlices.issueIds })
    .from(issueJobSlices)
    .where(eq(issueJobSlices.jobId, jobId))
    .orderBy(issueJobSlices.slice)
    .limit(1);

/** The job is at work and the slice still to be done, else SQLSTATE 40001; both are held. Served by the primary keys of issue_jobs and issue_job_slices. */
export const assertSlice = (tx: Db, jobId: string, slice: number): Statement =>
  tx.execute(sql`
    select assert_no_rows(1 - count(*)) from (
      select 1 from ${issueJobs} j join ${issueJobSlices} s on ${s.jobId} = ${j.id} and ${s.slice} = ${slice}
       where ${j.id} = ${jobId}::uuid and ${j.state} = 'running' for update) x`);

/** A slice is done; the job too, where it was the last. Served by the primary keys of issue_jobs and issue_job_slices. */
export const finishSlice = (tx: Db, jobId: string, slice: number, now: Date): Statement => {
  const isLast = sql`not exists (select 1 from ${issueJobSlices} s where ${s.jobId} = ${jobId}::uuid and ${s.slice} <> ${slice})`;
  return tx.execute(sql`
    with gone as (
      delete from ${issueJobSlices} where ${issueJobSlices.jobId} = ${jobId}::uuid and ${issueJobSlices.slice} = ${slice}
      returning cardinality(${issueJobSlices.issueIds}) as n
    )
    update ${issueJobs}
       set ${columnNames(issueJobs, "done")} = ${issueJobs.done} + (select n from gone), ${columnNames(issueJobs, "failures")} = 0, ${columnNames(issueJobs, "error")} = null,
           ${columnNames(issueJobs, "state")} = case when ${isLast} then 'done' else ${issueJobs.state} end,
           ${columnNames(issueJobs, "finishedAt")} = case when ${isLast} then ${now.toISOString()}::timestamptz end
     where ${issueJobs.id} = ${jobId}::uuid and exists (select 1 from gone)`);
};

/** A job without anything to do is at its end. Served by the primary keys of issue_jobs and issue_job_slices. */
export const finishEmpty = (tx: Db, jobId: string, now: Date): Statement =>
  tx.execute(sql`
    update ${issueJobs} j set ${columnNames(issueJobs, "state")} = 'done', ${columnNames(issueJobs, "finishedAt")} = ${now.toISOString()}::timestamptz
     where ${j.id} = ${jobId}::uuid and ${j.state} = 'running' and not exists (select 1 from ${issueJobSlices} s where ${s.jobId} = ${j.id})`);

/** Of how many issues something was changed, in numbers that a job has of its own. Served by the primary key of issue_jobs. */
export const countChanged = (tx: Db, jobId: string, changed: number): Statement =>
  tx.execute(sql`
    update ${issueJobs} j set ${columnNames(issueJobs, "at")} = jsonb_build_object('changed', coalesce((${j.at} ->> 'changed')::integer, 0) + ${changed}::integer)
     where ${j.id} = ${jobId}::uuid`);

/** Ends a job between two of its chunks; what is done stays. Served by the primary keys of issue_jobs and issue_job_slices. */
export const cancelJob = (
  db: Db,
  orgId: number,
  jobId: string,
  kinds: JobKind[],
  now: Date,
): Statement =>
  db.execute(sql`
    with ended as (
      update ${issueJobs} set ${columnNames(issueJobs, "state")} = 'cancelled', ${columnNames(issueJobs, "finishedAt")} = ${now.toISOString()}::timestamptz
       where ${issueJobs.id} = ${jobId}::uuid and ${issueJobs.orgId} = ${orgId} and ${issueJobs.state} = 'running'
         and ${issueJobs.kind} in (select json_array_elements_text(${JSON.stringify(kinds)}::json))
      returning ${issueJobs.id}
    )
    delete from ${issueJobSlices} where ${issueJobSlices.jobId} in (select id from ended)`);

/** A job that still changes what an undo would take back. Served by issue_jobs_running. */
export const selectJobUndoneBy = (db: Db, orgId: number, undoId: string) =>
  db.execute<{ id: string }>(sql`
    select ${j.id} from ${issueJobs} j
     where ${j.state} = 'running' and ${j.orgId} = ${orgId} and ${j.kind} = 'change' and ${j.task} ->> 'undoId' = ${undoId} limit 1`);

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
