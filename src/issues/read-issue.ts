import type { Deps } from "../deps";
import { notFound } from "../fault";
import { dayMs } from "../protocol/durations";
import { idIn } from "../protocol/row-id";
import { selectIssuesByShortId } from "./filter-queries";
import { type IssueRow, selectIssue, selectIssueTags, type TagRow } from "./queries";
import { parseShortId } from "./short-id";

/** An issue of some organizations by its id or its short id, as it is to a member of one. Faults: not_found. */
export async function readIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  memberIds: number[] = [],
): Promise<IssueRow> {
  return readIssueById(deps, orgIds, await issueIdOf(deps, orgIds, idOrShortId), memberIds);
}

/** Faults: not_found. */
export async function readIssueById(
  deps: Deps,
  orgIds: number[],
  issueId: number,
  memberIds: number[] = [],
): Promise<IssueRow> {
  const since = new Date(+deps.now() - dayMs);
  const { rows } = await selectIssue(deps.db, orgIds, issueId, since, memberIds);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

/** By its short id alone: what is an id is none, though other doors take both. Faults: not_found. */
export async function readIssueByShortId(
  deps: Deps,
  orgIds: number[],
  shortId: string,
  memberIds: number[],
): Promise<IssueRow> {
  if (/^\d+$/.test(shortId)) throw notFound();
  return readIssue(deps, orgIds, shortId, memberIds);
}

/** Tags of an issue with their most frequent values, all or those of some keys. Faults: not_found. */
export async function readIssueTags(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  keys: string[],
): Promise<TagRow[]> {
  const issue = await readIssue(deps, orgIds, idOrShortId);
  const { rows } = await selectIssueTags(deps.db, Number(issue.id), keys);
  return rows;
}

/** An id as it is; a short id that several projects could mean is none. Faults: not_found. */
export async function issueIdOf(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
): Promise<number> {
  const id = idIn(idOrShortId);
  if (id !== undefined) return id;
  const shortId = parseShortId(idOrShortId);
  if (!shortId) throw notFound();
  const { rows } = await selectIssuesByShortId(deps.db, orgIds, [shortId]);
  const [row] = rows;
  if (!row || rows.length > 1) throw notFound();
  return Number(row.issueId);
}
