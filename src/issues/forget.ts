import type { Deps } from "../deps";
import { commit } from "../platform/database";
import { deleteIssuesOfProject, deleteStaleIssues } from "./digest-queries";

/** Removes issues whose last event is gone, a bounded number at a time. */
export async function forgetOldIssues(deps: Deps, cutoff: Date): Promise<void> {
  await commit(deps.db, [deleteStaleIssues(deps.db, cutoff)]);
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
