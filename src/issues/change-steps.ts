import type { Deps } from "../deps";
import { commit } from "../platform/database";
import { beatProjects } from "./beat-projects";
import { changeChosen, forgetOldest, type Meant } from "./change-chosen";
import {
  assertSlice,
  countChanged,
  finishEmpty,
  finishSlice,
  type JobRow,
  selectSlice,
} from "./job-queries";

/** A change as a job keeps it: moments are texts there. */
export type ChangeTask = {
  undoId: string | null;
  now: string;
  until: string | null;
  status?: Omit<NonNullable<Meant["status"]>, "now" | "userId">;
  assignee?: Meant["assignee"];
  priority?: Meant["priority"];
  isPublic?: Meant["isPublic"];
  marking?: Omit<NonNullable<Meant["marking"]>, "now">;
};

/** What is meant, to be kept. */
export function changeTask({
  status,
  assignee,
  priority,
  isPublic,
  marking,
  by,
}: Meant): ChangeTask {
  const { now: _, userId: __, ...kept } = status ?? {};
  const { now: ___, ...marks } = marking ?? {};
  return {
    undoId: by.undoId,
    now: by.now.toISOString(),
    until: status?.cells.until?.toISOString() ?? null,
    ...(status && { status: kept as ChangeTask["status"] }),
    ...(assignee !== undefined && { assignee }),
    ...(priority !== undefined && { priority }),
    ...(isPublic !== undefined && { isPublic }),
    ...(marking && { marking: marks as ChangeTask["marking"] }),
  };
}

/** The same, to be done; by nobody, when who asked is gone. */
function meantBy(task: ChangeTask, userId: number | null): Meant {
  const { undoId } = task;
  const by = { userId, undoId, now: new Date(task.now) };
  const until = task.until === null ? null : new Date(task.until);
  return {
    status: task.status && {
      ...task.status,
      cells: { ...task.status.cells, until },
      userId,
      now: by.now,
    },
    assignee: task.assignee,
    priority: task.priority,
    isPublic: task.isPublic,
    marking: task.marking && { ...task.marking, now: by.now },
    by,
  };
}

/** Changes the next issues of those that were found when the job began. */
export async function changeStep(deps: Deps, job: JobRow): Promise<void> {
  const { db } = deps;
  const [next] = await selectSlice(db, job.id);
  if (!next) {
    await commit(db, [finishEmpty(db, job.id, deps.now())]);
    return;
  }
  const meant = meantBy(job.task as ChangeTask, job.userId);
  const { rows, changed, isKept } = await changeChosen(deps, job.orgId, next.issueIds, meant, {
    before: [assertSlice(db, job.id, next.slice)],
    after: [finishSlice(db, job.id, next.slice, deps.now())],
  });
  await commit(db, [countChanged(db, job.id, changed)]);
  if (isKept) await forgetOldest(deps, job.orgId);
  await beatProjects(deps, rows);
}
