import type { Deps } from "../deps";
import { Fault } from "../fault";
import { beat } from "../platform/pulse";
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
  if (status) {
    const { rows } = await updateStatus(deps.db, orgIds, [issueId], statusOf(status), deps.now());
    await beat(
      deps,
      rows.map((row) => ({ orgId: Number(row.orgId), projectIds: [Number(row.projectId)] })),
    );
  }
  return readIssueById(deps, orgIds, issueId);
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
  const projectIds = new Set<number>();
  const change = () =>
    inSlices(sliceIssues, slicesMax, async (afterId) => {
      const { rows } = await selectIssueIds(
        deps.db,
        org.id,
        filter,
        statusOf(status),
        afterId,
        sliceIssues,
      );
      const ids = rows.map(({ id }) => Number(id));
      if (ids.length > 0) {
        const now = deps.now();
        const updated = await updateStatus(deps.db, [org.id], ids, statusOf(status), now);
        for (const { projectId } of updated.rows) projectIds.add(Number(projectId));
      }
      return ids;
    });
  try {
    await change();
  } finally {
    if (projectIds.size > 0) await beat(deps, [{ orgId: org.id, projectIds }]);
  }
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
