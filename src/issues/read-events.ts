import type { Deps } from "../deps";
import { decodePayload, type StoredEvent } from "../events/payload";
import { reasonOf } from "../platform/logger";
import { segmentKey } from "../platform/segment";
import type { EventRow } from "./event-queries";

/** A row with its payload; without one when the bucket has lost it. */
export type ReadEvent = { row: EventRow; event: StoredEvent | undefined };

/** Neighbours in a segment are read in one go when they span no more than this, with no more than that between two. */
const spanBytesMax = 4 * 1024 * 1024;
const gapBytesMax = 128 * 1024;
/** What one page may fetch, and what it may become: an isolate has 128 MB, and an event in memory is several texts. */
const fetchedBytesMax = 8 * 1024 * 1024;
const decodedBytesMax = 8 * 1024 * 1024;

/**
 * Fetches payloads: one range read per segment, or per event where they lie far apart. Of more than fits into memory
 * it reads the first ones, at least one; the caller's next page goes on from there.
 */
export async function readEvents(deps: Deps, rows: EventRow[]): Promise<ReadEvent[]> {
  const wanted = firstWithin(rows, fetchedBytesMax, ({ length }) => length);
  const payloads = new Map<EventRow, Uint8Array>();
  const bySegment = Map.groupBy(wanted, ({ segmentId }) => segmentId);
  await Promise.all(
    [...bySegment.values()].flatMap((members) =>
      runsOf(members).map((run) => fetchRun(deps, run, payloads)),
    ),
  );
  const read: ReadEvent[] = [];
  let decodedBytes = 0;
  for (const row of wanted) {
    const payload = payloads.get(row);
    const decoded = payload && decode(deps, row, payload);
    decodedBytes += decoded?.bytes ?? 0;
    if (decodedBytes > decodedBytesMax && read.length > 0) break;
    read.push({ row, event: decoded?.event });
  }
  return read;
}

/** The first rows that together stay within a budget; one at least. */
function firstWithin<T>(rows: T[], budget: number, sizeOf: (row: T) => number): T[] {
  let sum = 0;
  const end = rows.findIndex((row, index) => {
    sum += sizeOf(row);
    return sum > budget && index > 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** Splits the rows of a segment into runs that one range read can cover. */
function runsOf(rows: EventRow[]): EventRow[][] {
  const runs: EventRow[][] = [];
  for (const row of rows.toSorted((a, b) => a.offset - b.offset)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const start = run?.[0]?.offset ?? 0;
    const gap = last ? row.offset - last.offset - last.length : 0;
    if (run && gap <= gapBytesMax && row.offset + row.length - start <= spanBytesMax) run.push(row);
    else runs.push([row]);
  }
  return runs;
}

async function fetchRun(
  deps: Deps,
  run: EventRow[],
  payloads: Map<EventRow, Uint8Array>,
): Promise<void> {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) return;
  const length = last.offset + last.length - first.offset;
  const bytes = await deps.blobs.getRange(segmentKey(first.segmentId), first.offset, length);
  if (!bytes) return;
  for (const row of run) {
    const from = row.offset - first.offset;
    payloads.set(row, bytes.subarray(from, from + row.length));
  }
}

function decode(deps: Deps, row: EventRow, payload: Uint8Array) {
  try {
    return decodePayload(payload);
  } catch (error) {
    deps.log("error", "a stored event cannot be read", {
      eventId: row.eventId,
      reason: reasonOf(error),
    });
    return undefined;
  }
}
