import { membershipsOf } from "../access/reach";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { placeOf } from "./activity";
import { assertHas, assigneeOf, type ChangedBy } from "./assignee";
import {
  type AssignedTeam,
  type Assignee,
  assignIssues,
  unassignIssues,
} from "./assignment-queries";
import { beatProjects, type Touched } from "./beat-projects";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import { type Marking, markIssues } from "./mark-queries";
import { type MarkChange, markingOf } from "./marks";
import { type Priority, setPriority } from "./priority-queries";
import { type IssueRow, selectIssueIds, selectProjectsOf } from "./queries";
import { readIssueById } from "./read-issue";
import type { IssueFilter } from "./search/condition";
import { cellsOf, type ProjectIds } from "./state-cells";
import { happeningOf, type WantedCells, type WantedState } from "./status-details";
import { changeStatus, forgetBeyond, type StatusChange } from "./undo-queries";

const sliceIssues = 2000;
/** Two calls each: a request of the platform may make a thousand. */
const slicesMax = 400;

type ChangedRow = Touched & { id: string };
/** What may be changed of issues; what is undefined stays. Nobody has an issue that is assigned to null or nothing. */
export type IssueChange = {
  state?: WantedState | undefined;
  assignedTo?: string | null | undefined;
  /** null: as it follows from the rest. */
  priority?: Priority | null | undefined;
} & MarkChange;

/** The same when all that it names was looked up. */
type Meant = {
  status: StatusChange | undefined;
  assignee: Assignee | null | undefined;
  priority: Priority | null | undefined;
  marking: Marking | undefined;
  by: { userId: number | null; now: Date };
};

/** How many issues a change was of, and by what its statuses can be taken back (undoChange); null: there is nothing to. */
export type Changed = {
  changed: number;
  undoId: string | null;
  /** Which status was set, and to whom they were given. */
  cells: WantedCells | undefined;
  assignee: Assignee | null | undefined;
};

/** Changes that can be taken back, of an organization, and the issues of all of these together. */
const undoable = { changesMax: 1000, issuesMax: 2_000_000 };

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
  const { rows, changed, statuses } = await changeChosen(deps, orgId, [issueId], meant);
  if (statuses > 0) await commit(deps.db, [forgetBeyond(deps.db, [orgId], undoable)]);
  await beatProjects(deps, rows);
  const issue = await readIssueById(deps, orgIds, issueId, membershipsOf(by));
  return { issue, ...changedBy(changed, statuses, meant) };
}

async function meantBy(
  deps: Deps,
  orgId: number,
  { state, assignedTo, priority, ...marks }: IssueChange,
  caller: ChangedBy,
  projectIds: ProjectIds,
): Promise<Meant> {
  const by = { userId: caller.user?.id ?? null, now: deps.now() };
  const cells = state && (await cellsOf(deps, orgId, caller, state, projectIds));
  return {
    status: cells && { id: uuidv7(+by.now), cells, happening: happeningOf(cells), ...by },
    assignee:
      assignedTo === undefined ? undefined : await assigneeOf(deps, orgId, caller, assignedTo),
    priority,
    marking: markingOf(orgId, marks, caller, by.now),
    by,
  };
}

/**
 * How many issues were not so already, which of them are others for everybody now, and of how many the status was another
 * one.
 */
async function changeChosen(
  { db }: Deps,
  orgId: number,
  ids: number[],
  { status, assignee, priority, marking, by }: Meant,
): Promise<{ rows: ChangedRow[]; changed: number; statuses: number }> {
  if (ids.length === 0) return { rows: [], changed: 0, statuses: 0 };
  const forAll = [
    ...(status ? [changeStatus(db, [orgId], ids, status)] : []),
    ...(assignee ? [assignIssues(db, [orgId], ids, assignee, by)] : []),
    ...(assignee === null ? [unassignIssues(db, [orgId], ids, by)] : []),
    ...(priority === undefined ? [] : [setPriority(db, [orgId], ids, priority, by)]),
  ];
  const forOne = marking ? [markIssues(db, [orgId], ids, marking)] : [];
  const answers = await commit(db, [...forAll, ...forOne]);
  const found = (answers as { rows: ChangedRow[] }[]).map(({ rows }) => rows);
  const changed = new Set(found.flat().map(({ id }) => id)).size;
  const rows = found.slice(0, forAll.length).flat();
  return { rows, changed, statuses: status ? (found[0]?.length ?? 0) : 0 };
}

const changedBy = (changed: number, statuses: number, { status, assignee }: Meant): Changed => ({
  changed,
  undoId: statuses > 0 && status ? status.id : null,
  cells: status?.cells,
  assignee,
});

/**
 * Changes everything that is asked for and that is not so already. Faults: invalid, when the filter could have been
 * forgotten, also where nothing is to be set, or when the issues cannot be given to whom they should be; unavailable,
 * when there are more than one request can change.
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
  const { status, assignee, priority, marking } = meant;
  const isMore = assignee !== undefined || priority !== undefined || marking !== undefined;
  if (!status && !isMore) return changedBy(0, 0, meant);
  if (assignee?.type === "team") await assertTeamHasAll(deps, org, filter, assignee);
  // What else is set may be so with those too that have the status already.
  const wanted = isMore ? undefined : status?.cells;
  const done = { changed: 0, statuses: 0 };
  const touched = new Map<string, Touched>();
  try {
    await inSlices(sliceIssues, slicesMax, "changed", async (afterId) => {
      const found = await selectIssueIds(db, org.id, filter, wanted, afterId, sliceIssues);
      const ids = found.rows.map(({ id }) => Number(id));
      const { rows, changed, statuses } = await changeChosen(deps, org.id, ids, meant);
      done.changed += changed;
      done.statuses += statuses;
      for (const row of rows) touched.set(row.projectId, row);
      return ids;
    });
  } finally {
    await beatProjects(deps, touched.values());
  }
  if (done.statuses > 0) await commit(db, [forgetBeyond(db, [org.id], undoable)]);
  return changedBy(done.changed, done.statuses, meant);
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

/**
 * Works through ids in their order, a slice after another; `change` answers with those after an id that it changed.
 * What was changed is not found again, so that the same request goes on where a too large one stopped. Faults:
 * unavailable, when slices are left.
 */
export async function inSlices(
  size: number,
  most: number,
  done: string,
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
    `${size * most} issues were ${done} and there are more: send the same request again to go on`,
  );
}
