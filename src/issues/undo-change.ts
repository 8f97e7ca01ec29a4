import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit } from "../platform/database";
import { dayMs } from "../protocol/durations";
import { beatProjects, type Touched } from "./beat-projects";
import type { JobRow } from "./job-queries";
import { assertEnded } from "./jobs";
import { takeBackAssignees, takeBackMarks, takeBackPriorities } from "./take-back-queries";
import { undoMerge } from "./undo-merge";
import {
  deleteOldStatusChanges,
  forgetStatusChange,
  selectStatusChange,
  takeBackSlice,
} from "./undo-queries";

const undoableMs = dayMs;
/** More than a change can have of a field: 500 slices, each of at most two statuses. */
const slicesMax = 1000;

/** Each takes the next slice of a field back; the fields do not depend on each other. */
const fields = {
  status: takeBackSlice,
  assignee: takeBackAssignees,
  priority: takeBackPriorities,
  marks: takeBackMarks,
};
type TakeBackNext = (typeof fields)[keyof typeof fields];

/** Of a change of several fields: of the one that was changed in most issues. */
export type Undone = {
  /** What moves events back, of a merge. */
  job?: JobRow;
  restored: number;
  /** Changed since by somebody else, or by an event; or deleted. */
  skipped: number;
};

/**
 * Takes a change of issues, or a merge, back, for all issues that nobody changed since. Ended halfway, the same request goes on with
 * what is left. Faults: not_found, also for one that was taken back already or is too old; conflict, while a job still makes it.
 */
export async function undoChange(
  deps: Deps,
  { id: orgId, slug }: { id: number; slug: string },
  id: string,
  userId: number | null,
): Promise<Undone> {
  await assertEnded(deps, { id: orgId, slug }, id);
  const after = new Date(+deps.now() - undoableMs);
  const [change] = await selectStatusChange(deps.db, orgId, id, after);
  if (!change) return undoMerge(deps, { id: orgId, slug }, id, userId, after);
  const touched = new Map<string, Touched>();
  try {
    const ways = [
      ...(change.status === null ? [] : [fields.status]),
      ...change.fields.map((field) => fields[field]),
    ];
    return await takeBack(deps, ways, orgId, id, userId, touched);
  } finally {
    await beatProjects(deps, touched.values());
  }
}

async function takeBack(
  deps: Deps,
  ways: TakeBackNext[],
  orgId: number,
  id: string,
  userId: number | null,
  touched: Map<string, Touched>,
): Promise<Undone> {
  const undone = { restored: 0, skipped: 0 };
  for (const takeBackNext of ways) {
    const { restored, skipped } = await takeFieldBack(
      takeBackNext,
      deps,
      orgId,
      id,
      userId,
      touched,
    );
    undone.restored = Math.max(undone.restored, restored);
    undone.skipped = Math.max(undone.skipped, skipped);
  }
  await commit(deps.db, [forgetStatusChange(deps.db, orgId, id)]);
  return undone;
}

async function takeFieldBack(
  takeBackNext: TakeBackNext,
  deps: Deps,
  orgId: number,
  changeId: string,
  userId: number | null,
  touched: Map<string, Touched>,
): Promise<Undone> {
  const undone = { restored: 0, skipped: 0 };
  for (let slice = 0; slice < slicesMax; slice++) {
    const taking = { orgId, changeId, userId, now: deps.now() };
    const [taken] = (await takeBackNext(deps.db, taking)).rows;
    if (!taken) return undone;
    undone.restored += taken.restored;
    undone.skipped += taken.issues - taken.restored;
    for (const projectId of taken.projectIds) {
      touched.set(projectId, { orgId: String(orgId), projectId });
    }
  }
  throw new Fault("unavailable", "Not all could be taken back: send the same request again");
}

/** Removes changes that are too old to be taken back. */
export async function forgetOldStatusChanges(deps: Deps): Promise<void> {
  const before = new Date(+deps.now() - undoableMs);
  await commit(deps.db, [deleteOldStatusChanges(deps.db, before)]);
}
