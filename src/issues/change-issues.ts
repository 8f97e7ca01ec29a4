import type { Deps } from "../deps";
import { Fault } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import { type IssueRow, selectIssueIds, updateStatus } from "./queries";
import { issueIdOf, readIssueById } from "./read-issue";

const sliceIssues = 2000;
/** Two calls each: a request of the platform may make a thousand. */
const slicesMax = 400;

const statusWords: Record<string, string> = { muted: "ignored", resolvedInNextRelease: "resolved" };
const statusOf = (word: string) => lookUp(statusWords, word) ?? word;

/** What may be changed of issues; what is undefined stays. */
export type IssueChange = { status?: string | undefined };

/** Changes an issue of some organizations, found by its id or its short id. Answers with it. Faults: not_found. */
export async function changeIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  { status }: IssueChange,
): Promise<IssueRow> {
  const issueId = await issueIdOf(deps, orgIds, idOrShortId);
  if (status) await setStatus(deps, orgIds, [issueId], status);
  return readIssueById(deps, orgIds, issueId);
}

/** Sets the status of some issues of the caller's organizations. */
async function setStatus(deps: Deps, orgIds: number[], ids: number[], word: string): Promise<void> {
  await updateStatus(deps.db, orgIds, ids, statusOf(word), deps.now());
}

/**
 * Changes everything that is asked for and that is not so already. Faults: invalid, when the filter could have been
 * forgotten, also where nothing is to be set; unavailable, when there are more than one request can change.
 */
export async function changeIssues(
  deps: Deps,
  org: AskedOrg,
  asked: Asked,
  { status }: IssueChange,
): Promise<void> {
  const filter = await resolveFilter(deps, org, asked);
  assertMeant(filter);
  if (status === undefined) return;
  await inSlices(sliceIssues, slicesMax, async (afterId) => {
    const { rows } = await selectIssueIds(
      deps.db,
      org.id,
      filter,
      statusOf(status),
      afterId,
      sliceIssues,
    );
    const ids = rows.map(({ id }) => Number(id));
    if (ids.length > 0) await setStatus(deps, [org.id], ids, status);
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
