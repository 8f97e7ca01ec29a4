import type { Deps } from "../deps";
import { commit, type Statement } from "../platform/database";
import { randomHex } from "../platform/ids";
import { type Assignee, assignIssues, unassignIssues } from "./assignment-queries";
import type { Touched } from "./beat-projects";
import type { ChangedBy } from "./change-slice-queries";
import { type Marking, markIssues } from "./mark-queries";
import { type Priority, setPriority } from "./priority-queries";
import { shareIssues, unshareIssues } from "./share-queries";
import { changeStatus, forgetBeyond, type StatusChange } from "./undo-queries";

const newShareId = () => randomHex(16);

type ChangedRow = Touched & { id: string };

/** The same when all that it names was looked up. */
export type Meant = {
  status: StatusChange | undefined;
  assignee: Assignee | null | undefined;
  priority: Priority | null | undefined;
  isPublic: boolean | undefined;
  marking: Marking | undefined;
  by: ChangedBy;
};

/** Changes that can be taken back, of an organization, and the issues of all of these together. */
const undoable = { changesMax: 1000, issuesMax: 2_000_000 };

/** Of an organization no more changes are kept than can be taken back. */
export const forgetOldest = (deps: Deps, orgId: number): Promise<unknown[]> =>
  commit(deps.db, [forgetBeyond(deps.db, [orgId], undoable)]);

/**
 * How many issues were not so already, which of them are others for everybody now, and whether there is something to take
 * back: of a link, and of a look at one issue, a star or a bell of it there is not. `around` is committed with it.
 */
export async function changeChosen(
  { db }: Deps,
  orgId: number,
  ids: number[],
  { status, assignee, priority, isPublic, marking, by }: Meant,
  around: { before: Statement[]; after: Statement[] } = { before: [], after: [] },
): Promise<{ rows: ChangedRow[]; changed: number; isKept: boolean }> {
  if (ids.length === 0) return { rows: [], changed: 0, isKept: false };
  const forAll = [
    ...(status ? [changeStatus(db, [orgId], ids, status)] : []),
    ...(assignee ? [assignIssues(db, [orgId], ids, assignee, by)] : []),
    ...(assignee === null ? [unassignIssues(db, [orgId], ids, by)] : []),
    ...(priority === undefined ? [] : [setPriority(db, [orgId], ids, priority, by)]),
  ];
  // A link that ended is not made again.
  const shares = [
    ...(isPublic ? [shareIssues(db, [orgId], ids, ids.map(newShareId), by)] : []),
    ...(isPublic === false ? [unshareIssues(db, [orgId], ids, by)] : []),
  ];
  const { before, after } = around;
  const marksUndoId = ids.length > 1 || before.length > 0 ? by.undoId : null;
  const forOne = marking ? [markIssues(db, [orgId], ids, marking, marksUndoId)] : [];
  const all = await commit(db, [...before, ...forAll, ...shares, ...forOne, ...after]);
  const answers = all.slice(before.length, all.length - after.length);
  const found = (answers as { rows: ChangedRow[] }[]).map(({ rows }) => rows);
  const changed = new Set(found.flat().map(({ id }) => id)).size;
  const marksAt = forAll.length + shares.length;
  const rows = found.slice(0, marksAt).flat();
  const kept = [...found.slice(0, forAll.length), ...(marksUndoId ? found.slice(marksAt) : [])];
  return { rows, changed, isKept: by.undoId !== null && kept.flat().length > 0 };
}
