import type { Deps } from "../deps";
import { Fault } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { assertMeant } from "./filter";
import type { IssueFilter } from "./filter-queries";
import { selectIssueIds, updateStatus } from "./queries";

const sliceIssues = 2000;
/** Two calls each: a request of the platform may make a thousand. */
const slicesMax = 400;

const statusWords: Record<string, string> = { muted: "ignored", resolvedInNextRelease: "resolved" };
const statusOf = (word: string) => lookUp(statusWords, word) ?? word;

/** Sets the status of some issues of the caller's organizations. */
export async function setStatus(
  deps: Deps,
  orgIds: number[],
  ids: number[],
  word: string,
): Promise<void> {
  await updateStatus(deps.db, orgIds, ids, statusOf(word), deps.now());
}

/**
 * Sets the status of everything that a filter finds and that has another one. Faults: invalid, when the filter could
 * have been forgotten, also where nothing is to be set; unavailable, when there are more than one request can change.
 */
export async function setStatusOfAll(
  deps: Deps,
  orgId: number,
  filter: IssueFilter,
  word: string | undefined,
): Promise<void> {
  assertMeant(filter);
  if (word === undefined) return;
  await inSlices(sliceIssues, slicesMax, async (afterId) => {
    const { rows } = await selectIssueIds(
      deps.db,
      orgId,
      filter,
      statusOf(word),
      afterId,
      sliceIssues,
    );
    const ids = rows.map(({ id }) => Number(id));
    if (ids.length > 0) await setStatus(deps, [orgId], ids, word);
    return ids;
  });
}

/**
 * Works through ids in their order, a slice after another; `change` answers with those after an id that it changed.
 * What was changed is not found again, so that the same request goes on where a too large one stopped. Faults:
 * unavailable, when slices are left.
 */
export async function inSlices(
  size: number,
  most: number,
  change: (afterId: number) => Promise<number[]>,
): Promise<void> {
  let afterId = 0;
  for (let slice = 0; slice < most; slice++) {
    const ids = await change(afterId);
    if (ids.length < size) return;
    afterId = ids.at(-1) ?? afterId;
  }
  throw new Fault(
    "unavailable",
    `${size * most} issues were changed and there are more: send the same request again to go on`,
  );
}
