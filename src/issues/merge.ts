import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commitUnder } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { beatProjects } from "./beat-projects";
import { lockProjectsOf } from "./delete-queries";
import { assertNoJobOf, insertJob, type JobRow } from "./job-queries";
import { assertIdle, leaseMs, workInRequest } from "./jobs";
import { moveMarks } from "./mark-queries";
import {
  assertMergeable,
  countMerged,
  hideMerged,
  type MergeableIssue,
  mergedMax,
  moveActivities,
  nameWinner,
  noteMerge,
  redirectHashes,
  selectMergeable,
} from "./merge-queries";
import { mergeBegins, mergeStatements } from "./merge-steps";
import { shortIdOf } from "./short-id";
import { selectMergedBefore } from "./undo-merge-queries";

/** What somebody wants to be one issue: of a project, if the path names one. */
export type MergeAsked = {
  issueIds: number[];
  /** The one that is to stay; without a word the oldest. */
  into?: number | undefined;
  projectId?: number | undefined;
};

export type Merged = { parent: number; children: number[]; job: JobRow };

/** Named in the activity of the winner. */
const namedMax = 20;

/**
 * Makes several issues one. At once, what led to the others leads to the winner; their events and numbers follow in the
 * same commit where they are few, else in chunks. Faults: invalid; conflict, while a job moves rows of one of them.
 */
export async function mergeIssues(
  deps: Deps,
  org: { id: number; slug: string },
  asked: MergeAsked,
  userId: number | null,
): Promise<Merged> {
  const { db } = deps;
  const { winner, losers } = await planned(deps, org.id, asked);
  const [winnerId, loserIds] = [Number(winner.id), losers.map(({ id }) => Number(id))];
  const issueIds = [winnerId, ...loserIds];
  await assertIdle(deps, org, issueIds);
  const [counted] = (await countMerged(db, issueIds)).rows;
  if (losers.length + (counted?.merged ?? 0) > mergedMax) {
    throw new Fault("invalid", `At most ${mergedMax} issues can be merged into one`);
  }
  const now = deps.now();
  const projectId = Number(winner.projectId);
  const merging = { orgId: org.id, projectId, winnerId, loserIds };
  const before = (await selectMergedBefore(db, loserIds)).rows;
  const task = {
    winnerId,
    loserIds,
    before: before.map(({ id, into }) => ({ id: Number(id), into: Number(into) })),
  };
  const id = uuidv7(+now);
  const job = {
    id,
    orgId: org.id,
    kind: "merge" as const,
    issueIds,
    task,
    at: mergeBegins,
    total: losers.reduce((sum, { eventCount }) => sum + Number(eventCount), 0),
    userId,
    createdAt: now,
    leasedUntil: new Date(+now + leaseMs),
  };
  await commitUnder(
    db,
    { orgId: org.id, projectId },
    [
      assertMergeable(db, merging),
      assertNoJobOf(db, org.id, issueIds),
      nameWinner(db, merging),
      hideMerged(db, merging),
      redirectHashes(db, merging),
      moveActivities(db, merging),
      moveMarks(db, winnerId, loserIds),
      noteMerge(db, winnerId, {
        userId,
        data: { issues: losers.slice(0, namedMax).map(named) },
        now,
      }),
      insertJob(db, job),
      ...mergeStatements(db, id, task, mergeBegins.phase, now),
    ],
    [lockProjectsOf(db, [org.id], issueIds)],
  );
  await beatProjects(deps, [{ orgId: String(org.id), projectId: winner.projectId }]);
  return { parent: winnerId, children: loserIds, job: await workInRequest(deps, org.id, id) };
}

const named = ({ id, title, ...issue }: MergeableIssue) => ({
  id,
  shortId: shortIdOf({ slug: issue.projectSlug, number: issue.shortNumber }),
  title,
});

type MergeUpdate = {
  merge?: boolean | 0 | 1 | null | undefined;
  mergeInto?: number | null | undefined;
};

/** Whether a change of issues makes them one. Faults: invalid, where anything else is to be set with it. */
export function isMerge<U extends MergeUpdate>({ merge, mergeInto, ...others }: U): boolean {
  if (!merge && !mergeInto) return false;
  if (!merge) throw new Fault("invalid", "mergeInto goes with merge");
  if (Object.values(others).some((each) => each !== undefined)) {
    throw new Fault("invalid", "Issues are merged first and changed then: send two requests");
  }
  return true;
}

/** Who stays and who goes. Faults: invalid. */
async function planned(deps: Deps, orgId: number, { issueIds, into, projectId }: MergeAsked) {
  const ids = [...new Set(into === undefined ? issueIds : [...issueIds, into])];
  if (ids.length < 2) throw new Fault("invalid", "Name two issues or more to merge, by their ids");
  const { rows } = await selectMergeable(deps.db, orgId, ids);
  const found = new Set(rows.map(({ id }) => Number(id)));
  const missing = ids.find((id) => !found.has(id));
  const isElsewhere = rows.some(
    (row) => projectId !== undefined && Number(row.projectId) !== projectId,
  );
  if (missing !== undefined) throw new Fault("invalid", `There is no issue ${missing}`);
  if (isElsewhere || new Set(rows.map((row) => row.projectId)).size > 1) {
    throw new Fault("invalid", "Issues of several projects cannot be merged");
  }
  if (rows.some(({ isOverflow }) => isOverflow)) {
    throw new Fault("invalid", "The issue of all that was too much for one hour stays by itself");
  }
  const winner = into === undefined ? rows[0] : rows.find(({ id }) => Number(id) === into);
  if (!winner) throw new Error("one of them wins");
  return { winner, losers: rows.filter((row) => row !== winner) };
}
