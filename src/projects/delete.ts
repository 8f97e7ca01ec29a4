import type { Actor } from "../access/caller";
import { auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { commit, commitUnder, type Db, type Statement } from "../platform/database";
import {
  markProjectsDeleted,
  type ProjectRow,
  removeProject,
  selectDeletedProjects,
} from "./queries";

/** All projects of an organization that goes. Un-awaited, for a common commit. */
export const deleteProjectsOf = (tx: Db, orgId: number, now: Date): Statement =>
  markProjectsDeleted(tx, orgId, undefined, now);

/** Gone for everybody at once; rows and payloads are removed in the background. */
export async function deleteProject(deps: Deps, actor: Actor, row: ProjectRow): Promise<void> {
  const { orgId, id, slug } = row.project;
  await commitUnder(deps.db, { orgId, projectId: id }, [
    markProjectsDeleted(deps.db, orgId, id, deps.now()),
    auditStatement(deps.db, orgId, actor, "project.delete", slug),
  ]);
}

const projectsPerRun = 20;
const chunksPerRun = 50;

/** What a project leaves behind in another feature; true when nothing is left of it. */
export type Remover = (deps: Deps, projectId: number, chunksMax: number) => Promise<boolean>;

/**
 * Removes the rows of projects that were deleted before a moment, a bounded number at a time. The project itself goes
 * last, so that what is still queued for it finds it marked.
 */
export async function removeDeletedProjects(
  deps: Deps,
  before: Date,
  remove: Remover,
): Promise<void> {
  const rows = await selectDeletedProjects(deps.db, before, projectsPerRun);
  for (const { id } of rows) {
    if (!(await remove(deps, id, chunksPerRun))) return;
    await commit(deps.db, [removeProject(deps.db, id)]);
  }
}
