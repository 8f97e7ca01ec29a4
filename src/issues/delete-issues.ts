import type { Actor } from "../access/caller";
import { auditOfEach } from "../audit/audit";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { commit } from "../platform/database";
import { beatProjects, type Touched } from "./beat-projects";
import { inSlices } from "./change-issues";
import {
  deleteChosenIssues,
  forgetDeletedIssues,
  lockProjectsOf,
  removeRowsOfIssues,
  selectDeletedIssues,
} from "./delete-queries";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import { selectIssueIds } from "./queries";
import { readIssue } from "./read-issue";
import { shortIdOf } from "./short-id";

/** Digests of their projects wait for a slice, so it is a small one. */
const sliceIssues = 500;
const slicesMax = 200;

/**
 * Deletes an issue of some organizations, found by its id or its short id: it is in no list any more, and the next event
 * like its own makes a new one. Faults: not_found.
 */
export async function deleteIssue(
  deps: Deps,
  actor: Actor,
  orgIds: number[],
  idOrShortId: string,
): Promise<void> {
  const issue = await readIssue(deps, orgIds, idOrShortId);
  const shortId = shortIdOf({ slug: issue.projectSlug, number: issue.shortNumber });
  // Whoever names one that was merged does not mean the one that it leads to: reading that is one thing, deleting another.
  if (![issue.id, shortId].includes(idOrShortId.toUpperCase())) throw notFound();
  const gone = await deleteSlice(deps, actor, orgIds, [Number(issue.id)], shortId);
  if (gone === 0) throw notFound();
}

/**
 * Deletes everything that is asked for. Faults: invalid, when the filter could have been forgotten; unavailable, when
 * there are more than one request can delete.
 */
export async function deleteIssues(
  deps: Deps,
  actor: Actor,
  org: AskedOrg,
  asked: Asked,
): Promise<void> {
  const filter = await resolveFilter(deps, org, asked);
  assertMeant(filter);
  await inSlices(sliceIssues, slicesMax, "deleted", async (afterId) => {
    const found = await selectIssueIds(deps.db, org.id, filter, undefined, afterId, sliceIssues);
    const ids = found.rows.map(({ id }) => Number(id));
    if (ids.length > 0) await deleteSlice(deps, actor, [org.id], ids, undefined, asked.query);
    return ids;
  });
}

/** One commit with its entry in the audit log, which names one issue or says how many. */
async function deleteSlice(
  deps: Deps,
  actor: Actor,
  orgIds: number[],
  ids: number[],
  shortId: string | undefined,
  query?: string,
): Promise<number> {
  const { db } = deps;
  const data = query === undefined ? {} : { query };
  const [, gone] = await commit(db, [
    lockProjectsOf(db, orgIds, ids),
    deleteChosenIssues(db, orgIds, ids, deps.now(), shortId, (rows, orgId, target) =>
      auditOfEach(rows, orgId, actor, "issue.delete", target, data),
    ),
  ]);
  const { rows } = gone as { rows: Touched[] };
  await beatProjects(deps, rows);
  return rows.length;
}

const issuesPerRound = 200;
const eventsPerRound = 10_000;
const roundsPerRun = 100;

/** Removes what deleted issues left behind, a bounded number of rows at a time. Their payloads go with retention. */
export async function removeDeletedIssues(deps: Deps): Promise<void> {
  for (let round = 0; round < roundsPerRun; round++) {
    const ids = (await selectDeletedIssues(deps.db, issuesPerRound)).map(({ id }) => id);
    if (ids.length === 0) return;
    const { rows } = await removeRowsOfIssues(deps.db, ids, eventsPerRound);
    if ((rows[0]?.events ?? 0) < eventsPerRound) {
      await commit(deps.db, [forgetDeletedIssues(deps.db, ids)]);
    }
  }
}
