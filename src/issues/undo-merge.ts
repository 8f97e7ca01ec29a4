import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { beatProjects } from "./beat-projects";
import { lockProjectsOf } from "./delete-queries";
import { hashNumber } from "./hash-number";
import { countedMax } from "./hash-queries";
import { assertNoJobOf, insertJob, type JobRow, selectJob } from "./job-queries";
import { assertIdle, leaseMs, workInRequest } from "./jobs";
import { assertMergeable, selectMergeable } from "./merge-queries";
import { type MergeTask, mergeTaskOf } from "./merge-steps";
import {
  leadHashesBack,
  leadMergedBack,
  noteTakenApart,
  type Part,
  showAgain,
} from "./undo-merge-queries";
import { assertLeading, countFoundBy, type FormerRow, selectFormer } from "./unmerge-queries";
import { unmergeBegins } from "./unmerge-steps";

/** Of so many issues their activity and that of the winner say that they are of their own again. */
const notedMax = 100;

export type MergeUndone = { restored: number; skipped: number; job: JobRow };

/**
 * Takes a merge back: what was merged is as it was, with its id, its status and whose it is, and gets its events and numbers
 * back in chunks, later ones too. Comments stay with the winner. Faults: not_found, also for what was taken back or taken
 * apart already; conflict, while a job moves rows of one of them, or where the winner itself was merged or deleted since.
 */
export async function undoMerge(
  deps: Deps,
  org: { id: number; slug: string },
  jobId: string,
  userId: number | null,
  after: Date,
): Promise<MergeUndone> {
  const { db } = deps;
  const [merge] = await selectJob(db, org.id, jobId);
  if (merge?.kind !== "merge" || merge.createdAt <= after) throw notFound();
  const task = mergeTaskOf(merge);
  const { winnerId, loserIds } = task;
  await assertIdle(deps, org, [winnerId, ...loserIds]);
  const [winner] = (await selectMergeable(db, org.id, [winnerId])).rows;
  if (!winner) {
    throw new Fault("conflict", "The issue that they were merged into was merged or deleted since");
  }
  const projectId = Number(winner.projectId);
  const { rows } = await selectFormer(db, projectId, winnerId, []);
  const parts = partsOf(rows, task);
  const hashes = parts.flatMap((part) => part.hashes);
  if (hashes.length === 0) throw notFound();
  if (hashes.length === rows.length)
    throw new Fault("conflict", "An issue keeps one of its hashes");
  const targetIds = parts.map(({ targetId }) => targetId);
  const issueIds = [winnerId, ...targetIds];
  const [counted] = (await countFoundBy(db, winnerId, hashes.map(hashNumber), countedMax)).rows;
  const now = deps.now();
  const id = uuidv7(+now);
  const parting = { orgId: org.id, projectId, sourceId: winnerId, hashes };
  const shown = new Set(targetIds);
  await commitUnder(
    db,
    { orgId: org.id, projectId },
    [
      assertMergeable(db, { orgId: org.id, projectId, winnerId, loserIds: [] }),
      assertNoJobOf(db, org.id, issueIds),
      assertLeading(db, parting),
      showAgain(db, winnerId, targetIds),
      leadMergedBack(
        db,
        winnerId,
        task.before.filter(({ into }) => shown.has(into)),
      ),
      leadHashesBack(db, projectId, winnerId, parts),
      noteTakenApart(db, winnerId, targetIds.slice(0, notedMax), { userId, now }),
      insertJob(db, {
        id,
        orgId: org.id,
        kind: "unmerge",
        issueIds,
        task: { projectId, sourceId: winnerId, parts },
        at: unmergeBegins,
        total: counted?.total ?? 0,
        userId,
        createdAt: now,
        leasedUntil: new Date(+now + leaseMs),
      }),
    ],
    [lockProjectsOf(db, [org.id], [winnerId])],
  );
  await beatProjects(deps, [{ orgId: String(org.id), projectId: String(projectId) }]);
  return {
    restored: parts.length,
    skipped: loserIds.length - parts.length,
    job: await workInRequest(deps, org.id, id),
  };
}

/** Which of the winner's hashes led to which of the merged issues, also by way of what had been merged into these. */
export function partsOf(
  rows: Pick<FormerRow, "hash" | "formerId">[],
  { loserIds, before }: Pick<MergeTask, "loserIds" | "before">,
): Part[] {
  const targets = new Map([
    ...before.map(({ id, into }): [number, number] => [id, into]),
    ...loserIds.map((id): [number, number] => [id, id]),
  ]);
  const parts = new Map<number, string[]>();
  for (const { hash, formerId } of rows) {
    const target = formerId === null ? undefined : targets.get(Number(formerId));
    if (target !== undefined) parts.set(target, [...(parts.get(target) ?? []), hash]);
  }
  return [...parts].map(([targetId, hashes]) => ({ targetId, hashes }));
}
