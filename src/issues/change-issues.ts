import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit } from "../platform/database";
import { uuidv7 } from "../platform/ids";
import { beatProjects, type Touched } from "./beat-projects";
import { type Asked, type AskedOrg, assertMeant, resolveFilter } from "./filter";
import { type IssueRow, selectIssueIds } from "./queries";
import { issueIdOf, readIssueById } from "./read-issue";
import { changeStatus, forgetBeyond, type Status, type StatusChange } from "./undo-queries";

const sliceIssues = 2000;
/** Two calls each: a request of the platform may make a thousand. */
const slicesMax = 400;

type StatusWord = Status | "muted" | "resolvedInNextRelease";
function statusOf(word: StatusWord): Status {
  if (word === "muted") return "ignored";
  return word === "resolvedInNextRelease" ? "resolved" : word;
}

/** What may be changed of issues; what is undefined stays. */
export type IssueChange = { status?: StatusWord | undefined };

/** Who changes something, for its issue's activity; null: a token of no person. */
type ActorId = number | null;

/** How many issues a change was of, and by what it can be taken back (undoChange); null: there is nothing to. */
export type Changed = { changed: number; undoId: string | null };

/** Changes that can be taken back, of an organization, and the issues of all of these together. */
const undoable = { changesMax: 1000, issuesMax: 2_000_000 };

/** Changes an issue of some organizations, found by its id or its short id. Answers with it. Faults: not_found. */
export async function changeIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  { status }: IssueChange,
  userId: ActorId,
): Promise<{ issue: IssueRow } & Changed> {
  const issueId = await issueIdOf(deps, orgIds, idOrShortId);
  const changed = status
    ? await setStatus(deps, orgIds, issueId, newChange(deps, status, userId))
    : undoneBy(0);
  return { issue: await readIssueById(deps, orgIds, issueId), ...changed };
}

async function setStatus(
  deps: Deps,
  orgIds: number[],
  id: number,
  change: StatusChange,
): Promise<Changed> {
  const [changed] = await commit(deps.db, [
    changeStatus(deps.db, orgIds, [id], change),
    forgetBeyond(deps.db, orgIds, undoable),
  ]);
  const { rows } = changed as { rows: Touched[] };
  await beatProjects(deps, rows);
  return undoneBy(rows.length, change);
}

function newChange(deps: Deps, word: StatusWord, userId: ActorId): StatusChange {
  const now = deps.now();
  return { id: uuidv7(+now), status: statusOf(word), userId, now };
}

const undoneBy = (changed: number, change?: StatusChange): Changed => ({
  changed,
  undoId: changed > 0 && change ? change.id : null,
});

/**
 * Changes everything that is asked for and that is not so already. Faults: invalid, when the filter could have been
 * forgotten, also where nothing is to be set; unavailable, when there are more than one request can change.
 */
export async function changeIssues(
  deps: Deps,
  org: AskedOrg,
  asked: Asked,
  { status }: IssueChange,
  userId: ActorId,
): Promise<Changed> {
  const { db } = deps;
  const filter = await resolveFilter(deps, org, asked);
  assertMeant(filter);
  if (status === undefined) return undoneBy(0);
  const change = newChange(deps, status, userId);
  const { status: wanted } = change;
  let changed = 0;
  const touched = new Map<string, Touched>();
  try {
    await inSlices(sliceIssues, slicesMax, "changed", async (afterId) => {
      const found = await selectIssueIds(db, org.id, filter, wanted, afterId, sliceIssues);
      const ids = found.rows.map(({ id }) => Number(id));
      const { rows } =
        ids.length > 0 ? await changeStatus(db, [org.id], ids, change) : { rows: [] };
      changed += rows.length;
      for (const row of rows) touched.set(row.projectId, row);
      return ids;
    });
  } finally {
    await beatProjects(deps, touched.values());
  }
  if (changed > 0) await commit(db, [forgetBeyond(db, [org.id], undoable)]);
  return undoneBy(changed, change);
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
