import type { Actor } from "../access/caller";
import { auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commitUnder, takeTurns } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import type { ProjectRow } from "../projects/queries";
import { readRules } from "../projects/rules";
import { dayMs } from "../protocol/durations";
import { beatProjects } from "./beat-projects";
import { insertJob, type JobRow } from "./job-queries";
import { jobPath, leaseMs, workInRequest } from "./jobs";
import {
  assertNoRegroupOf,
  forgetFormerRegroups,
  leadBack,
  lockGrouping,
  selectRegroupOf,
  selectUndoable,
  showHidden,
} from "./regroup-job-queries";
import { type RegroupTask, regroupBegins, undoBegins } from "./regroup-steps";

/** How far back events are grouped anew. */
export const regroupDaysMax = 90;
/** For so long that can be taken back, unless it was done again. */
const undoDays = 7;

type Org = { id: number; slug: string };

/**
 * Groups the events of the last days by the rules that a project has now. Faults: invalid, for a project that was on g1;
 * conflict, while that is being done.
 */
export async function regroupProject(
  deps: Deps,
  org: Org,
  actor: Actor,
  { project }: ProjectRow,
  days: number,
): Promise<JobRow> {
  const { db } = deps;
  if (project.groupingVersion !== "g2" || project.groupingSwitchedAt) {
    throw new Fault(
      "invalid",
      "Hashes of g1 still lead to issues of this project: its events are not grouped anew",
    );
  }
  await assertAlone(deps, org, project.id);
  const now = deps.now();
  const id = uuidv7(+now);
  const { fingerprintRules, stackRules } = await readRules(deps, project.id);
  const task: RegroupTask = {
    ...timesOf(deps, now, days),
    projectId: project.id,
    fingerprintRules,
    stackRules,
  };
  await commitUnder(
    db,
    { orgId: org.id, projectId: project.id },
    [
      assertNoRegroupOf(db, org.id, project.id),
      forgetFormerRegroups(db, org.id, project.id),
      insertJob(db, {
        ...newJob(org.id, id, now, actor),
        kind: "regroup",
        task,
        at: regroupBegins,
      }),
      auditStatement(db, org.id, actor, "project.edit", project.slug, { groupedAnewDays: days }),
    ],
    [oneAtATime(db, project.id)],
  );
  return workedOn(deps, org.id, project.id, id);
}

/** Puts the events that were grouped anew last back into the issues where they were. Faults: not_found; conflict. */
export async function undoRegroup(
  deps: Deps,
  org: Org,
  actor: Actor,
  { project }: ProjectRow,
): Promise<JobRow> {
  const { db } = deps;
  await assertAlone(deps, org, project.id);
  const now = deps.now();
  const since = new Date(+now - undoDays * dayMs);
  const [done] = (await selectUndoable(db, org.id, project.id, since)).rows;
  if (!done) throw new Fault("not_found", "Nothing was grouped anew here that could be taken back");
  const id = uuidv7(+now);
  const task = { ...timesOf(deps, now, 0), projectId: project.id, undoOf: done.id };
  const hidden = (done.at as { hidden?: number[] }).hidden ?? [];
  const issueIds = done.issueIds.map(Number);
  await commitUnder(
    db,
    { orgId: org.id, projectId: project.id },
    [
      assertNoRegroupOf(db, org.id, project.id),
      leadBack(db, done.id, project.id),
      showHidden(db, hidden),
      insertJob(db, {
        ...newJob(org.id, id, now, actor),
        kind: "regroup_undo",
        task,
        at: undoBegins,
        issueIds,
      }),
      auditStatement(db, org.id, actor, "project.edit", project.slug, { groupedAnewDays: 0 }),
    ],
    [oneAtATime(db, project.id), lockGrouping(db, project.id)],
  );
  return workedOn(deps, org.id, project.id, id);
}

/** Not the digest's lock: what an earlier one remembers may take seconds to forget. */
const oneAtATime = (db: Deps["db"], projectId: number) =>
  takeTurns(db, `grouping anew of ${projectId}`);

const newJob = (orgId: number, id: string, now: Date, actor: Actor) => ({
  id,
  orgId,
  issueIds: [] as number[],
  total: 0,
  userId: actor.userId,
  createdAt: now,
  leasedUntil: new Date(+now + leaseMs),
});

const timesOf = ({ config }: Deps, now: Date, days: number) => ({
  since: new Date(+now - days * dayMs).toISOString(),
  keptSince: new Date(+now - (config.retentionDays - 7) * dayMs).toISOString(),
});

async function assertAlone(deps: Deps, org: Org, projectId: number): Promise<void> {
  const [job] = (await selectRegroupOf(deps.db, org.id, projectId)).rows;
  if (job) {
    throw new Fault("conflict", `That is being done already: ${jobPath(org.slug, job.id)}`);
  }
}

async function workedOn(deps: Deps, orgId: number, projectId: number, id: string) {
  const job = await workInRequest(deps, orgId, id);
  await beatProjects(deps, [{ orgId: String(orgId), projectId: String(projectId) }]);
  return job;
}
