import type { Deps } from "../deps";
import { notFound } from "../fault";
import { type Page, type Range, toPage } from "../protocol/cursor";
import {
  type ActivityRow,
  type IssuePlace,
  selectActivities,
  selectIssuePlace,
} from "./activity-queries";
import { issueIdOf } from "./read-issue";

export type Place = { issueId: number; orgId: number; projectId: number; firstSeenAt: string };

/** Where an issue of some organizations is, by its id or its short id. Faults: not_found. */
export async function placeOf(deps: Deps, orgIds: number[], idOrShortId: string): Promise<Place> {
  const asked = await issueIdOf(deps, orgIds, idOrShortId);
  const { rows } = await selectIssuePlace(deps.db, orgIds, asked);
  const [row]: (IssuePlace | undefined)[] = rows;
  if (!row) throw notFound();
  const { id, orgId, projectId, firstSeenAt } = row;
  return { issueId: Number(id), orgId: Number(orgId), projectId: Number(projectId), firstSeenAt };
}

/** The newest that an answer has. */
export const activitiesShown = 100;

/** The newest of what happened to an issue, which begins when it was seen first. */
export async function readActivity(
  deps: Deps,
  { issueId, firstSeenAt }: Pick<Place, "issueId" | "firstSeenAt">,
): Promise<Shown[]> {
  const range = { limit: activitiesShown, cursor: undefined };
  const { rows } = await selectActivities(deps.db, issueId, "all", range);
  const { rows: shown, hasMore } = toPage(rows, range);
  return hasMore ? shown : [...shown, firstSight(firstSeenAt)];
}

/** Not written down: the issue says so. Its id is the one that Sentry gives it. */
const firstSight = (firstSeenAt: string) => ({
  id: "0",
  kind: "first_seen" as const,
  data: {},
  createdAt: firstSeenAt,
  editedAt: null,
  userId: null,
  userName: null,
  userEmail: null,
});

/** What an answer says of it. */
export type Shown = Omit<ActivityRow, "kind"> & { kind: ActivityRow["kind"] | "first_seen" };

/** A page of the comments on an issue, the newest first. */
export async function readNotes(
  deps: Deps,
  { issueId }: Place,
  range: Range,
): Promise<Page<ActivityRow>> {
  const { rows } = await selectActivities(deps.db, issueId, "notes", range);
  return toPage(rows, range);
}
