import type { Deps } from "../deps";
import { notFound } from "../fault";
import type { Range } from "../protocol/cursor";
import { normalizeEventId } from "../protocol/event-id";
import type { EventFilter } from "./event-filter";
import { type EventScope, type NeighbouredRow, selectEvent, walkedMax } from "./event-queries";
import { selectIssuesOfEvents } from "./filter-queries";
import { findEvents, nextMatching } from "./find-events";
import type { IssueRow } from "./queries";
import { type ReadEvent, readEvents } from "./read-events";
import { readIssue, readIssueById } from "./read-issue";
import { mostTelling, tellingMax } from "./telling-event";

/** Where an event stands among those that are asked for, the newest first; counted up to a bound. */
export type EventPlace = {
  /** null: not among them, or further back than was counted. */
  position: number | null;
  total: number;
  isCapped: boolean;
};

export type FoundEvent = ReadEvent & {
  newerId: string | null;
  olderId: string | null;
  /** null: what is asked for lies in the bucket, and there are too many events to count it. */
  place: EventPlace | null;
};

/** Of so few events all are looked into, so that those with a text in them are counted; one page of the list. */
const countedMatchesMax = 100;

/** Where events are looked for: in one issue, or in all of its project. */
export type ScopeInProject = { scope: EventScope; projectId: number };

/** The scope of an issue of some organizations. Faults: not_found. */
export const scopeOfIssue = async (
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
): Promise<ScopeInProject> => scopeIn(await readIssue(deps, orgIds, idOrShortId));

/** The scope of an issue that is known. */
export const scopeIn = ({ id, projectId }: IssueRow): ScopeInProject => ({
  scope: { issueId: Number(id) },
  projectId: Number(projectId),
});

/** An event of an issue of some organizations, with the issue. Faults: not_found. */
export async function findEventOfIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  which: string,
): Promise<{ issue: IssueRow; found: FoundEvent }> {
  const issue = await readIssue(deps, orgIds, idOrShortId);
  return { issue, found: await findEvent(deps, scopeIn(issue), which) };
}

export const scopeOfProject = (projectId: number): ScopeInProject => ({
  scope: { projectId },
  projectId,
});

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

/**
 * One event of a scope by its id, or the latest, the oldest or the most telling of those that are asked for, with its
 * payload, and with its neighbours and its place among them. Faults: not_found.
 */
export async function findEvent(
  deps: Deps,
  within: ScopeInProject,
  which: string,
  filter: EventFilter = {},
): Promise<FoundEvent> {
  const { scope, projectId } = within;
  const id = await idOf(deps, within, which, filter);
  const { matches, ...onRow } = filter;
  const [row] = id ? (await selectEvent(deps.db, scope, projectId, id, onRow)).rows : [];
  if (!row) throw notFound();
  if (matches && row.total <= countedMatchesMax) {
    const [[read], all] = await Promise.all([
      readEvents(deps, [row]),
      findEvents(deps, within, filter, range(countedMatchesMax)),
    ]);
    if (!all.hasMore) return { row, event: read?.event, ...amongAll(row, all.rows) };
  }
  const [[read], newer, older] = await Promise.all([
    readEvents(deps, [row]),
    matches ? nextMatching(deps, within, filter, row, "newer") : row.newerId,
    matches ? nextMatching(deps, within, filter, row, "older") : row.olderId,
  ]);
  return {
    row,
    event: read?.event,
    newerId: newer?.replaceAll("-", "") ?? null,
    olderId: older?.replaceAll("-", "") ?? null,
    place: matches ? null : placeOf(row),
  };
}

/** Where an event stands among all that match, newest first; it need not be one of them. */
function amongAll(row: NeighbouredRow, all: ReadEvent[]): Omit<FoundEvent, keyof ReadEvent> {
  const hex = (read: ReadEvent | undefined) => read?.row.eventId.replaceAll("-", "") ?? null;
  const isNewer = (other: ReadEvent["row"]) =>
    other.receivedAt === row.receivedAt
      ? other.eventId > row.eventId
      : other.receivedAt > row.receivedAt;
  const newer = all.filter((one) => isNewer(one.row));
  const isAmong = all[newer.length]?.row.eventId === row.eventId;
  return {
    newerId: hex(newer.at(-1)),
    olderId: hex(all[newer.length + (isAmong ? 1 : 0)]),
    place: {
      position: isAmong ? newer.length + 1 : null,
      total: all.length,
      isCapped: false,
    },
  };
}

const placeOf = ({ walked, total, newer, isAmong }: NeighbouredRow): EventPlace => ({
  position: isAmong ? newer + 1 : null,
  total,
  isCapped: walked === walkedMax,
});

/** What SQL can find by itself stays a word. */
async function idOf(
  deps: Deps,
  within: ScopeInProject,
  which: string,
  filter: EventFilter,
): Promise<string | undefined> {
  if (which === "recommended") {
    const { rows } = await findEvents(deps, within, filter, range(tellingMax));
    return mostTelling(rows)?.row.eventId.replaceAll("-", "");
  }
  if (which !== "latest" && which !== "oldest") return normalizeEventId(which);
  if (!filter.matches) return which;
  const { rows } = await findEvents(deps, within, filter, range(1, which === "oldest"));
  return rows[0]?.row.eventId.replaceAll("-", "");
}

/** Before all events there is this edge. */
const beginning = { value: "1970-01-01T00:00:00Z", id: "00000000-0000-0000-0000-000000000000" };

const range = (limit: number, fromBeginning = false): Range => ({
  limit,
  cursor: fromBeginning ? { backward: true, ...beginning } : undefined,
});
