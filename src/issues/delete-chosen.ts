import type { Actor } from "../access/caller";
import { auditOfEach } from "../audit/audit";
import type { Deps } from "../deps";
import { commit, type Statement } from "../platform/database";
import { beatProjects, type Touched } from "./beat-projects";
import { deleteChosenIssues, lockProjectsOf } from "./delete-queries";

/** What the entry of the audit log says: which issue it was, or what was searched for. */
export type DeletedAs = { shortId?: string; query?: string | undefined };

/**
 * Deletes issues in one commit with its entry in the audit log, which names one of them or says how many, and with what
 * is committed around it. Answers with how many.
 */
export async function deleteChosen(
  deps: Deps,
  actor: Actor,
  orgIds: number[],
  ids: number[],
  { shortId, query }: DeletedAs,
  around: { before: Statement[]; after: Statement[] } = { before: [], after: [] },
): Promise<number> {
  const { db } = deps;
  const data = query === undefined ? {} : { query };
  const answers = await commit(db, [
    ...around.before,
    lockProjectsOf(db, orgIds, ids),
    deleteChosenIssues(db, orgIds, ids, deps.now(), shortId, (rows, orgId, target) =>
      auditOfEach(rows, orgId, actor, "issue.delete", target, data),
    ),
    ...around.after,
  ]);
  const { rows } = answers[around.before.length + 1] as { rows: Touched[] };
  await beatProjects(deps, rows);
  return rows.length;
}
