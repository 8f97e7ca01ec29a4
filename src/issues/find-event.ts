import type { Deps } from "../deps";
import { notFound } from "../fault";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { normalizeEventId } from "../protocol/event-id";
import { type EventFilter, type EventScope, selectEvent, selectEvents } from "./event-queries";
import { selectIssuesOfEvents } from "./filter-queries";
import type { IssueRow } from "./queries";
import { type ReadEvent, readEvents } from "./read-events";
import { readIssue, readIssueById } from "./read-issue";

export type FoundEvent = ReadEvent & { newerId: string | null; olderId: string | null };

/** Where events are looked for: in one issue, or in all of its project. */
export type ScopeInProject = { scope: EventScope; projectId: number };

/** The scope of an issue of some organizations. Faults: not_found. */
export async function scopeOfIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
): Promise<ScopeInProject> {
  const issue = await readIssue(deps, orgIds, idOrShortId);
  return { scope: { issueId: Number(issue.id) }, projectId: Number(issue.projectId) };
}

export const scopeOfProject = (projectId: number): ScopeInProject => ({
  scope: { projectId },
  projectId,
});

/** A page of events with their payloads, newest first. It is shorter where these are large. */
export async function findEvents(
  deps: Deps,
  { scope, projectId }: ScopeInProject,
  filter: EventFilter,
  range: Range,
): Promise<Page<ReadEvent>> {
  const found = await selectEvents(deps.db, scope, projectId, range, filter);
  const { rows, hasMore } = toPage(found.rows, range);
  // Shortened at its far end, seen from where the reader comes.
  const backward = range.cursor?.backward ?? false;
  const read = await readEvents(deps, backward ? rows.toReversed() : rows);
  return {
    rows: backward ? read.toReversed() : read,
    hasMore: hasMore || read.length < rows.length,
  };
}

/** An event of an organization by its id alone, in whichever project, with its issue. Faults: not_found. */
export async function findEventAnywhere(
  deps: Deps,
  orgId: number,
  id: string,
): Promise<{ eventId: string; event: FoundEvent; issue: IssueRow }> {
  const eventId = normalizeEventId(id);
  const found = eventId
    ? (await selectIssuesOfEvents(deps.db, orgId, [eventId])).rows[0]
    : undefined;
  if (!eventId || !found) throw notFound();
  const issue = await readIssueById(deps, [orgId], Number(found.issueId));
  const event = await findEvent(deps, scopeOfProject(Number(found.projectId)), eventId);
  return { eventId, event, issue };
}

/** One event of a scope by its id, or the latest, with its payload and its neighbours there. Faults: not_found. */
export async function findEvent(
  deps: Deps,
  { scope, projectId }: ScopeInProject,
  id: string,
): Promise<FoundEvent> {
  const eventId = id === "latest" ? id : normalizeEventId(id);
  const found = eventId ? (await selectEvent(deps.db, scope, projectId, eventId)).rows : [];
  const [row] = found;
  if (!row) throw notFound();
  const [read] = await readEvents(deps, [row]);
  return {
    row,
    event: read?.event,
    newerId: row.newerId?.replaceAll("-", "") ?? null,
    olderId: row.olderId?.replaceAll("-", "") ?? null,
  };
}
