import type { Deps } from "../deps";
import { lookUp } from "../protocol/dictionary";
import { assertMeant } from "./filter";
import type { IssueFilter } from "./filter-queries";
import { selectIssueIds, updateStatus } from "./queries";

const chunkSize = 1000;
/** More than a person can mean at once; a change of this many goes on with the next request. */
const chunksMax = 50;

const statusWords: Record<string, string> = { muted: "ignored", resolvedInNextRelease: "resolved" };

/** Sets the status of some issues of the caller's organizations. Answers how many there were. */
export async function setStatus(
  deps: Deps,
  orgIds: number[],
  ids: number[],
  word: string,
): Promise<number> {
  const status = lookUp(statusWords, word) ?? word;
  const { rows } = await updateStatus(deps.db, orgIds, ids, status, deps.now());
  return rows.length;
}

/**
 * Sets the status of everything that a filter finds, a thousand at a time in the order of ids. Faults: invalid, when the
 * filter could have been forgotten, also where nothing is to be set.
 */
export async function setStatusOfAll(
  deps: Deps,
  orgId: number,
  filter: IssueFilter,
  word: string | undefined,
): Promise<void> {
  assertMeant(filter);
  if (word === undefined) return;
  let afterId = 0;
  for (let chunk = 0; chunk < chunksMax; chunk++) {
    const { rows } = await selectIssueIds(deps.db, orgId, filter, afterId, chunkSize);
    const ids = rows.map(({ id }) => Number(id));
    if (ids.length > 0) await setStatus(deps, [orgId], ids, word);
    if (ids.length < chunkSize) return;
    afterId = ids.at(-1) ?? afterId;
  }
}
