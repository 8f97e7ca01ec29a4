import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commit, commitUnder, isConflict } from "../platform/database";
import { reasonOf } from "../platform/logger";
import { dayMs, minuteMs, secondMs } from "../protocol/durations";
import { changeStep } from "./change-steps";
import { deleteStep } from "./delete-steps";
import {
  cancelJob,
  claimJob,
  deleteOldJobs,
  type JobKind,
  type JobRow,
  noteJobFailure,
  releaseJob,
  selectJob,
  selectJobOf,
  selectJobs,
  selectJobUndoneBy,
} from "./job-queries";
import { mergeStep } from "./merge-steps";
import { regroupStep } from "./regroup-steps";
import { unmergeStep } from "./unmerge-steps";

/** Does the next chunk of a job, in one commit. */
export type JobStep = (deps: Deps, job: JobRow) => Promise<void>;

const steps: Record<JobKind, JobStep> = {
  merge: mergeStep,
  unmerge: unmergeStep,
  change: changeStep,
  delete: deleteStep,
  regroup: regroupStep,
  regroup_undo: regroupStep,
};

/** A run begins nothing after this: the next one is due every minute. */
const runMsMax = 50 * secondMs;
/** One job does not keep the others waiting. */
const turnMsMax = 15 * secondMs;
/** Longer than a turn with its last step: whose lease is over is taken for dead. */
export const leaseMs = 2 * minuteMs;
/** What a request works by itself, before it leaves the rest to the runner. */
const requestMsMax = 2 * secondMs;
/** A request of the platform may call out a thousand times, a chunk up to three. */
const stepsMax = 300;
const retryMsMax = 60 * minuteMs;
const daysKept = 7;
export const jobsShown = 100;

/** Faults: not_found. */
export async function readJob(deps: Deps, orgId: number, id: string): Promise<JobRow> {
  const [job] = await selectJob(deps.db, orgId, id);
  if (!job) throw notFound();
  return job;
}

/** The newest jobs of an organization. */
export const listJobs = (deps: Deps, orgId: number): Promise<JobRow[]> =>
  selectJobs(deps.db, orgId, jobsShown);

/** Where a program asks for a job. */
export const jobPath = (orgSlug: string, id: string) =>
  `/api/0/organizations/${orgSlug}/issue-jobs/${id}/`;

/** Faults: conflict, with the address of a job that still moves rows of one of these issues. */
export async function assertIdle(
  deps: Deps,
  org: { id: number; slug: string },
  issueIds: number[],
): Promise<void> {
  const [job] = (await selectJobOf(deps.db, org.id, issueIds)).rows;
  if (!job) return;
  const address = jobPath(org.slug, job.id);
  throw new Fault("conflict", `A job is at work on one of these issues: ${address}`);
}

/** Faults: conflict, with the address of the job that still makes a change which is to be taken back. */
export async function assertEnded(
  deps: Deps,
  org: { id: number; slug: string },
  undoId: string,
): Promise<void> {
  const [job] = (await selectJobUndoneBy(deps.db, org.id, undoId)).rows;
  if (!job) return;
  const address = jobPath(org.slug, job.id);
  throw new Fault("conflict", `It is still being made: end that first, at ${address}`);
}

/** Works on a job for as long as a request may; the runner does the rest. Answers with where it is then. */
export async function workInRequest(deps: Deps, orgId: number, id: string): Promise<JobRow> {
  const job = await work(deps, orgId, id, requestMsMax);
  if (job.state === "running") await commit(deps.db, [releaseJob(deps.db, id, deps.now())]);
  return job;
}

/** Works on all jobs that wait, one after another, for a bounded time. */
export async function workOnJobs(deps: Deps): Promise<void> {
  const started = +deps.now();
  while (+deps.now() - started < runMsMax) {
    const now = deps.now();
    const [claimed] = (await claimJob(deps.db, now, new Date(+now + leaseMs))).rows;
    if (!claimed) return;
    const { id, orgId } = claimed;
    try {
      const job = await work(deps, Number(orgId), id, turnMsMax);
      if (job.state === "running") await commit(deps.db, [releaseJob(deps.db, id, deps.now())]);
    } catch (error) {
      await putOff(deps, Number(orgId), id, error);
    }
  }
}

async function work(deps: Deps, orgId: number, id: string, msMax: number): Promise<JobRow> {
  const started = +deps.now();
  let job = await readJob(deps, orgId, id);
  for (let step = 0; step < stepsMax && job.state === "running"; step++) {
    if (+deps.now() - started >= msMax) break;
    try {
      await steps[job.kind](deps, job);
    } catch (error) {
      // Somebody else works on it, or ended it.
      if (!isConflict(error)) throw error;
    }
    job = await readJob(deps, orgId, id);
  }
  return job;
}

/** Moving what was begun is finished, however long that takes; what can be ended at any issue is given up after so many failures. */
const endable: JobKind[] = ["change", "delete"];
const failuresMax = 10;

/** Ends a job that can be ended between two issues, and answers with where it is. Faults: not_found; conflict, for one that moves events. */
export async function endJob(deps: Deps, orgId: number, id: string): Promise<JobRow> {
  const { kind, state } = await readJob(deps, orgId, id);
  if (state === "running" && !endable.includes(kind)) {
    throw new Fault("conflict", "Issues are not left half merged: it goes on to its end");
  }
  await commitUnder(deps.db, { orgId }, [cancelJob(deps.db, orgId, id, endable, deps.now())]);
  return readJob(deps, orgId, id);
}

/** A job that failed is tried again, ever more rarely. */
async function putOff(deps: Deps, orgId: number, id: string, error: unknown): Promise<void> {
  const [job] = await selectJob(deps.db, orgId, id);
  if (!job) return;
  const now = deps.now();
  const pauseMs = Math.min(retryMsMax, minuteMs * 2 ** Math.min(job.failures, 10));
  const reason = reasonOf(error);
  deps.log("error", "a job on issues is put off", { job: id, kind: job.kind, reason });
  const nextAt = new Date(+now + pauseMs);
  const max = endable.includes(job.kind) ? failuresMax : null;
  const failed = { error: reason, nextAt, failuresMax: max, now };
  await commit(deps.db, [noteJobFailure(deps.db, id, failed)]);
}

/** Removes jobs that ended a week ago. */
export async function forgetOldJobs(deps: Deps): Promise<void> {
  const before = new Date(+deps.now() - daysKept * dayMs);
  await commit(deps.db, [deleteOldJobs(deps.db, before)]);
}
