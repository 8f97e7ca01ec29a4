import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { commit } from "../platform/database";
import { deleteChosen } from "./delete-chosen";
import {
  assertSlice,
  countChanged,
  finishEmpty,
  finishSlice,
  type JobRow,
  selectSlice,
} from "./job-queries";

/** Who deletes, and what was searched for. */
export type DeleteTask = { actor: Actor; query?: string | undefined };

/** Deletes the next issues of those that were found when the job began. */
export async function deleteStep(deps: Deps, job: JobRow): Promise<void> {
  const { db } = deps;
  const [next] = await selectSlice(db, job.id);
  if (!next) {
    await commit(db, [finishEmpty(db, job.id, deps.now())]);
    return;
  }
  const { actor, query } = job.task as DeleteTask;
  const by = { ...actor, userId: job.userId };
  const gone = await deleteChosen(
    deps,
    by,
    [job.orgId],
    next.issueIds,
    { query },
    {
      before: [assertSlice(db, job.id, next.slice)],
      after: [finishSlice(db, job.id, next.slice, deps.now())],
    },
  );
  await commit(db, [countChanged(db, job.id, gone)]);
}
