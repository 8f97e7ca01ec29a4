import type { Deps } from "../deps";
import { commitUnder } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { insertJob, type JobRow, sliceIssues } from "./job-queries";
import { leaseMs, workInRequest } from "./jobs";
import type { IssueFilter } from "./search/condition";
import type { WantedCells } from "./status-details";

/** So many are changed or deleted while one waits; of more a job takes care. */
export const atOnceMax = 1000;
/** A job has no more issues than that. */
const issuesMax = 1_000_000;

export type BulkWork = {
  kind: "change" | "delete";
  task: object;
  /** Issues of one commit. */
  sliceIssues: number;
  userId: number | null;
  /** Those that have this status already are left out. */
  wanted?: WantedCells | undefined;
};

/** Begins a job on all issues that a filter finds now, and works on it for as long as a request may. */
export async function beginBulk(
  deps: Deps,
  orgId: number,
  filter: IssueFilter,
  { kind, task, userId, wanted, sliceIssues: size }: BulkWork,
): Promise<JobRow> {
  const { db } = deps;
  const now = deps.now();
  const id = uuidv7(+now);
  await commitUnder(db, { orgId }, [
    insertJob(db, {
      id,
      orgId,
      kind,
      issueIds: [],
      task,
      at: {},
      total: 0,
      userId,
      createdAt: now,
      leasedUntil: new Date(+now + leaseMs),
    }),
    sliceIssues(db, id, orgId, filter, wanted, { size, max: issuesMax }),
  ]);
  return workInRequest(deps, orgId, id);
}
