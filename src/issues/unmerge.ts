import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commitUnder } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { placeOf } from "./activity";
import { beatProjects } from "./beat-projects";
import { lockProjectsOf } from "./delete-queries";
import { hashNumber } from "./hash-number";
import { countedMax } from "./hash-queries";
import { assertNoJobOf, insertJob, type JobRow } from "./job-queries";
import { assertIdle, leaseMs, workInRequest } from "./jobs";
import { showAgain } from "./undo-merge-queries";
import {
  assertLeading,
  countFoundBy,
  type FormerRow,
  leadElsewhere,
  makeDetails,
  makeIssue,
  noteUnmerge,
  selectFormer,
} from "./unmerge-queries";
import { unmergeBegins } from "./unmerge-steps";

export type Unmerged = { issueId: number; job: JobRow };

/**
 * Takes hashes out of an issue: from now on they lead to the issue that they led to before it was merged, or to a new one;
 * their events and numbers follow in chunks. Faults: not_found; invalid; conflict, while a job moves rows of one of them.
 */
export async function unmergeHashes(
  deps: Deps,
  orgs: { id: number; slug: string }[],
  idOrShortId: string,
  asked: { hashes: string[]; isNew: boolean },
  userId: number | null,
): Promise<Unmerged> {
  const { db } = deps;
  const place = await placeOf(
    deps,
    orgs.map(({ id }) => id),
    idOrShortId,
  );
  const { orgId, projectId, issueId: sourceId } = place;
  const hashes = [...new Set(asked.hashes)];
  const { rows } = await selectFormer(db, projectId, sourceId, hashes);
  assertSome(rows, hashes);
  const numbers = hashes.map(hashNumber);
  const [counted] = (await countFoundBy(db, sourceId, numbers, countedMax)).rows;
  if (!counted) throw new Error("a count has a row");
  const formerId = asked.isNew ? undefined : formerOf(rows);
  const targetId = formerId ?? Number(counted.id);
  const issueIds = [sourceId, targetId];
  const org = orgs.find(({ id }) => id === orgId);
  if (org) await assertIdle(deps, org, issueIds);
  const now = deps.now();
  const parting = { orgId, projectId, sourceId, targetId, hashes };
  const id = uuidv7(+now);
  const { total } = counted;
  await commitUnder(
    db,
    { orgId, projectId },
    [
      assertNoJobOf(db, orgId, issueIds),
      assertLeading(db, parting),
      ...(formerId === undefined
        ? [makeIssue(db, parting), makeDetails(db, parting)]
        : [showAgain(db, sourceId, [targetId])]),
      leadElsewhere(db, parting),
      noteUnmerge(db, parting, "unmerge_source", { userId, now }),
      noteUnmerge(db, parting, "unmerge_destination", { userId, now }),
      insertJob(db, {
        id,
        orgId,
        kind: "unmerge",
        issueIds,
        task: { projectId, sourceId, targetId, hashes },
        at: unmergeBegins,
        total,
        userId,
        createdAt: now,
        leasedUntil: new Date(+now + leaseMs),
      }),
    ],
    [lockProjectsOf(db, [orgId], [sourceId])],
  );
  await beatProjects(deps, [{ orgId: String(orgId), projectId: String(projectId) }]);
  return { issueId: targetId, job: await workInRequest(deps, orgId, id) };
}

/** Faults: invalid, unless some of the issue's hashes are meant and others stay. */
function assertSome(rows: FormerRow[], hashes: string[]): void {
  if (hashes.length === 0) throw new Fault("invalid", "Which hashes? Name them by id");
  const chosen = new Set(rows.filter(({ isChosen }) => isChosen).map(({ hash }) => hash));
  const missing = hashes.find((hash) => !chosen.has(hash));
  if (missing) throw new Fault("invalid", `${missing} is no hash of this issue`);
  if (chosen.size === rows.length) throw new Fault("invalid", "An issue keeps one of its hashes");
}

/** The one issue that all of the chosen led to before. */
function formerOf(rows: FormerRow[]): number | undefined {
  const formers = new Set(rows.filter(({ isChosen }) => isChosen).map(({ formerId }) => formerId));
  const [only] = formers;
  return formers.size === 1 && only ? Number(only) : undefined;
}
