import type { Deps } from "../deps";
import { commit } from "../platform/database";
import {
  deleteHandledChanges,
  deleteIssuesOfProject,
  deleteStaleIssues,
  markChangesHandled,
  selectUnhandledChanges,
} from "./digest-queries";

const sweepAfterMs = 2 * 60_000;
const sweptMax = 500;
const handledDaysKept = 7;
const dayMs = 86_400_000;

/** Checks changes off; a second time changes nothing. */
export async function settleChanges(deps: Deps, changeIds: number[]): Promise<void> {
  if (changeIds.length === 0) return;
  await commit(deps.db, [markChangesHandled(deps.db, changeIds, deps.now())]);
}

/** Sends again what nobody handled for two minutes: the row is the truth, the message only a nudge. */
export async function sweepChanges(deps: Deps): Promise<number> {
  const before = new Date(+deps.now() - sweepAfterMs);
  const { rows } = await selectUnhandledChanges(deps.db, before, sweptMax);
  await deps.publish(
    "issue-changes",
    rows.map(({ id, issueId, change }) => ({
      v: 1 as const,
      changeId: Number(id),
      issueId: Number(issueId),
      change,
    })),
  );
  return rows.length;
}

/** Removes issues whose last event is gone, and old outbox rows, a bounded number at a time. */
export async function forgetOldIssues(deps: Deps, cutoff: Date): Promise<void> {
  await commit(deps.db, [
    deleteStaleIssues(deps.db, cutoff),
    deleteHandledChanges(deps.db, new Date(+deps.now() - handledDaysKept * dayMs)),
  ]);
}

const chunkIssues = 100;

/** Removes issues of a project that is going, at most `chunksMax` chunks. True when none is left. */
export async function removeIssuesOf(
  deps: Deps,
  projectId: number,
  chunksMax: number,
): Promise<boolean> {
  for (let chunk = 0; chunk < chunksMax; chunk++) {
    const { rows } = await deleteIssuesOfProject(deps.db, projectId, chunkIssues);
    if (rows.length < chunkIssues) return true;
  }
  return false;
}
