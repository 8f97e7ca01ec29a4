import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { commit } from "../platform/database";
import { atOnceMax, beginBulk } from "./bulk";
import { deleteChosen } from "./delete-chosen";
import { forgetDeletedIssues, removeRowsOfIssues, selectDeletedIssues } from "./delete-queries";
import type { DeleteTask } from "./delete-steps";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import type { JobRow } from "./job-queries";
import { selectIssueIds } from "./queries";
import { readIssue } from "./read-issue";
import { shortIdOf } from "./short-id";

/** Digests of their projects wait for a slice, so it is a small one. */
const sliceIssues = 500;

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
  const gone = await deleteChosen(deps, actor, orgIds, [Number(issue.id)], { shortId });
  if (gone === 0) throw notFound();
}

/**
 * Deletes everything that is asked for; of more than are deleted while one waits a job takes care, which it answers with.
 * Faults: invalid, when the filter could have been forgotten.
 */
export async function deleteIssues(
  deps: Deps,
  actor: Actor,
  org: AskedOrg,
  asked: Asked,
): Promise<JobRow | undefined> {
  const filter = await resolveFilter(deps, org, asked);
  assertMeant(filter);
  const { query } = asked;
  const found = await selectIssueIds(deps.db, org.id, filter, undefined, 0, atOnceMax + 1);
  if (found.rows.length > atOnceMax) {
    const task: DeleteTask = { actor, query };
    return beginBulk(deps, org.id, filter, {
      kind: "delete",
      task,
      userId: actor.userId,
      sliceIssues,
    });
  }
  const ids = found.rows.map(({ id }) => Number(id));
  for (let from = 0; from < ids.length; from += sliceIssues) {
    await deleteChosen(deps, actor, [org.id], ids.slice(from, from + sliceIssues), { query });
  }
  return undefined;
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
