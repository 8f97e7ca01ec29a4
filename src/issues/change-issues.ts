import { membershipsOf } from "../access/reach";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { uuidv7 } from "../platform/ids";
import { placeOf } from "./activity";
import { assertHas, assigneeOf, type ChangedBy } from "./assignee";
import type { AssignedTeam, Assignee } from "./assignment-queries";
import { beatProjects } from "./beat-projects";
import { atOnceMax, beginBulk } from "./bulk";
import { changeChosen, forgetOldest, type Meant } from "./change-chosen";
import { changeTask } from "./change-steps";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import { changedIn, type JobRow } from "./job-queries";
import { type MarkChange, markingOf } from "./marks";
import type { Priority } from "./priority-queries";
import { type IssueRow, selectIssueIds, selectProjectsOf } from "./queries";
import { readIssueById } from "./read-issue";
import type { IssueFilter } from "./search/condition";
import { cellsOf, type ProjectIds } from "./state-cells";
import { happeningOf, type WantedCells, type WantedState } from "./status-details";

/** Of one commit of a job. */
const sliceIssues = 2000;

/** What may be changed of issues; what is undefined stays. Nobody has an issue that is assigned to null or nothing. */
export type IssueChange = {
  state?: WantedState | undefined;
  assignedTo?: string | null | undefined;
  /** null: as it follows from the rest. */
  priority?: Priority | null | undefined;
  isPublic?: boolean | undefined;
} & MarkChange;

/** How many issues a change was of, and by what it can be taken back (undoChange); null: there is nothing to. */
export type Changed = {
  changed: number;
  undoId: string | null;
  /** Which status was set, and to whom they were given. */
  cells: WantedCells | undefined;
  assignee: Assignee | null | undefined;
  /** The filter finds no issue at all: not even one that is so already. */
  isNone?: boolean;
  /** Of more issues than are changed while one waits: it changes them. */
  job?: JobRow;
};

/**
 * Changes an issue of some organizations, found by its id or its short id. Answers with it. Faults: not_found; invalid,
 * when it cannot be given to whom it should be.
 */
export async function changeIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  change: IssueChange,
  by: ChangedBy,
): Promise<{ issue: IssueRow } & Changed> {
  const { issueId, orgId, projectId } = await placeOf(deps, orgIds, idOrShortId);
  const meant = await meantBy(deps, orgId, change, by, async () => [projectId]);
  assertHas(meant.assignee, [projectId]);
  const { rows, changed, isKept } = await changeChosen(deps, orgId, [issueId], meant);
  if (isKept) await forgetOldest(deps, orgId);
  await beatProjects(deps, rows);
  const issue = await readIssueById(deps, orgIds, issueId, membershipsOf(by));
  return { issue, ...changedBy(changed, isKept, meant) };
}

async function meantBy(
  deps: Deps,
  orgId: number,
  { state, assignedTo, priority, isPublic, ...marks }: IssueChange,
  caller: ChangedBy,
  projectIds: ProjectIds,
): Promise<Meant> {
  const now = deps.now();
  const userId = caller.user?.id ?? null;
  const undoId = uuidv7(+now);
  const cells = state && (await cellsOf(deps, orgId, caller, state, projectIds));
  return {
    status: cells && { id: undoId, cells, happening: happeningOf(cells), userId, now },
    assignee:
      assignedTo === undefined ? undefined : await assigneeOf(deps, orgId, caller, assignedTo),
    priority,
    isPublic,
    marking: markingOf(orgId, marks, caller, now),
    by: { userId, now, undoId },
  };
}

const changedBy = (changed: number, isKept: boolean, { status, assignee, by }: Meant): Changed => ({
  changed,
  undoId: isKept ? by.undoId : null,
  cells: status?.cells,
  assignee,
});

/**
 * Changes everything that is asked for and that is not so already. Faults: invalid, when the filter could have been
 * forgotten, also where nothing is to be set, or when the issues cannot be given to whom they should be.
 */
export async function changeIssues(
  deps: Deps,
  org: AskedOrg,
  asked: Asked,
  change: IssueChange,
  by: ChangedBy,
): Promise<Changed> {
  const { db } = deps;
  const filter = await resolveFilter(deps, org, asked);
  assertMeant(filter);
  const meant = await meantBy(deps, org.id, change, by, async () => {
    const { rows } = await selectProjectsOf(db, org.id, filter);
    return rows.map(({ id }) => Number(id));
  });
  const { status, assignee, ...others } = meant;
  const more = [assignee, others.priority, others.isPublic, others.marking];
  const isMore = more.some((each) => each !== undefined);
  if (!status && !isMore) return changedBy(0, false, meant);
  if (assignee?.type === "team") await assertTeamHasAll(deps, org, filter, assignee);
  // What else is set may be so with those too that have the status already.
  const wanted = isMore ? undefined : status?.cells;
  const found = await selectIssueIds(db, org.id, filter, wanted, 0, atOnceMax + 1);
  if (found.rows.length > atOnceMax) {
    const task = changeTask(meant);
    const work = { kind: "change" as const, task, userId: meant.by.userId, wanted, sliceIssues };
    const job = await beginBulk(deps, org.id, filter, work);
    return { ...changedBy(changedIn(job), true, meant), job };
  }
  if (found.rows.length === 0) {
    const { rows } = wanted
      ? await selectIssueIds(db, org.id, filter, undefined, 0, 1)
      : { rows: found.rows };
    return { ...changedBy(0, false, meant), isNone: rows.length === 0 };
  }
  const ids = found.rows.map(({ id }) => Number(id));
  const { rows, changed, isKept } = await changeChosen(deps, org.id, ids, meant);
  await beatProjects(deps, rows);
  if (isKept) await forgetOldest(deps, org.id);
  return changedBy(changed, isKept, meant);
}

/** Before anything is changed: a team gets all of the issues or none. Faults: invalid. */
async function assertTeamHasAll(
  { db }: Deps,
  org: AskedOrg,
  filter: IssueFilter,
  team: AssignedTeam,
): Promise<void> {
  const others = { on: "project" as const, values: team.projectIds, negated: true };
  const beyond = { ...filter, conditions: [...filter.conditions, others] };
  const { rows } = await selectIssueIds(db, org.id, beyond, undefined, 0, 1);
  if (rows.length === 0) return;
  throw new Fault("invalid", `The team ${team.name} does not have the projects of these issues`);
}
