import type { Deps } from "../deps";
import { type Cursor, type Page, type Range, toPage } from "../protocol/cursor";
import type { EventFilter } from "./event-filter";
import {
  type EventRow,
  type EventScope,
  type RowFilter,
  selectEvents,
  selectWalkEnd,
  walkedMax,
} from "./event-queries";
import { type ReadEvent, readEvents } from "./read-events";
import type { EventMatcher } from "./search/event-match";

type Within = { scope: EventScope; projectId: number };

/** Payloads that one page looks into for what is asked, and those that one look at a neighbour does. */
const lookedIntoMax = 300;
const neighbourLooksMax = 100;
const sliceEvents = 100;

/**
 * A page of events with their payloads, newest first. It is shorter, and says how far it looked, where these are large
 * or where few of those that it looked at are asked for.
 */
export function findEvents(
  deps: Deps,
  within: Within,
  filter: EventFilter,
  range: Range,
): Promise<Page<ReadEvent>> {
  const { matches, ...onRow } = filter;
  return matches
    ? lookInto(deps, within, onRow, matches, range, lookedIntoMax)
    : readPage(deps, within, onRow, range);
}

/** The id of the next event, seen from one, that is asked for; null, when there is none near. */
export async function nextMatching(
  deps: Deps,
  within: Within,
  { matches, ...onRow }: EventFilter,
  from: EventRow,
  side: "newer" | "older",
): Promise<string | null> {
  if (!matches) return null;
  const range = { limit: 1, cursor: { backward: side === "newer", ...edgeOf(from) } };
  const { rows } = await lookInto(deps, within, onRow, matches, range, neighbourLooksMax);
  return rows[0]?.row.eventId ?? null;
}

export const edgeOf = ({ receivedAt, eventId }: EventRow): Omit<Cursor, "backward"> => ({
  value: receivedAt,
  id: eventId,
});

async function readPage(
  deps: Deps,
  within: Within,
  onRow: RowFilter,
  range: Range,
): Promise<Page<ReadEvent>> {
  const found = await selectEvents(deps.db, within.scope, within.projectId, range, onRow);
  const { rows, hasMore } = toPage(found.rows, range);
  // Shortened at its far end, seen from where the reader comes.
  const backward = range.cursor?.backward ?? false;
  const read = await readEvents(deps, backward ? rows.toReversed() : rows);
  const isShort = read.length < rows.length;
  const until = hasMore || isShort ? undefined : await walkEnd(deps, within, onRow, range);
  return {
    rows: backward ? read.toReversed() : read,
    hasMore: hasMore || isShort || until !== undefined,
    ...(until && { until }),
  };
}

/** Where a walk ended that had to pick events of some environments, unless it came to the end of all. */
async function walkEnd({ db }: Deps, { scope, projectId }: Within, onRow: RowFilter, range: Range) {
  if (!onRow.environments) return undefined;
  const [end] = (await selectWalkEnd(db, scope, projectId, range, onRow)).rows;
  return end && edgeOf(end);
}

/** Looks into payloads, a slice after another, until the page is full, the events end, or it looked into enough. */
async function lookInto(
  deps: Deps,
  within: Within,
  onRow: RowFilter,
  matches: EventMatcher,
  range: Range,
  looksMax: number,
): Promise<Page<ReadEvent>> {
  const backward = range.cursor?.backward ?? false;
  const found: ReadEvent[] = [];
  let { cursor } = range;
  for (let looks = 0; looks < looksMax; ) {
    const asked = { limit: sliceEvents, cursor };
    const { rows } = await selectEvents(deps.db, within.scope, within.projectId, asked, onRow);
    const slice = rows.slice(0, sliceEvents);
    const read = await readEvents(deps, slice);
    for (const each of read) if (each.event && matches(each.event)) found.push(each);
    looks += Math.max(read.length, 1);
    const last = read.at(-1);
    if (last) cursor = { backward, ...edgeOf(last.row) };
    if (found.length > range.limit) break;
    if (read.length === rows.length) {
      const until = await walkEnd(deps, within, onRow, asked);
      if (!until) return pageOf(found, range, undefined);
      cursor = { backward, ...until };
      looks += walkedMax;
    }
    // Large payloads: what was found of them must fit into memory beside the next ones.
    if (read.length < slice.length && found.length > 0) break;
  }
  return pageOf(found, range, cursor);
}

function pageOf(found: ReadEvent[], range: Range, cursor: Cursor | undefined): Page<ReadEvent> {
  const { rows, hasMore } = toPage(found, range);
  if (hasMore || !cursor) return { rows, hasMore };
  return { rows, hasMore: true, until: { value: cursor.value, id: cursor.id } };
}
