import type { Deps } from "../deps";
import { decodePayload, type StoredEvent } from "../events/payload";
import { reasonOf } from "../platform/logger";
import type { EventRow } from "./event-queries";
import { segmentKey } from "./plan";

/** A row with its payload; without one when the bucket has lost it. */
export type ReadEvent = { row: EventRow; event: StoredEvent | undefined };

/** Neighbours in a segment are read in one go when they span no more than this. */
const spanBytesMax = 4 * 1024 * 1024;

/** Fetches the payloads of a page: one range read per segment, or per event where they lie far apart. */
export async function readEvents(deps: Deps, rows: EventRow[]): Promise<ReadEvent[]> {
  const bySegment = Map.groupBy(rows, ({ segmentId }) => segmentId);
  const payloads = new Map<EventRow, StoredEvent | undefined>();
  await Promise.all(
    [...bySegment.values()].flatMap((members) =>
      runsOf(members).map(async (run) => {
        for (const [row, event] of await readRun(deps, run)) payloads.set(row, event);
      }),
    ),
  );
  return rows.map((row) => ({ row, event: payloads.get(row) }));
}

/** Splits the rows of a segment into runs that one range read can cover. */
function runsOf(rows: EventRow[]): EventRow[][] {
  const runs: EventRow[][] = [];
  for (const row of rows.toSorted((a, b) => a.offset - b.offset)) {
    const run = runs.at(-1);
    const start = run?.[0]?.offset ?? 0;
    if (run && row.offset + row.length - start <= spanBytesMax) run.push(row);
    else runs.push([row]);
  }
  return runs;
}

async function readRun(
  deps: Deps,
  run: EventRow[],
): Promise<[EventRow, StoredEvent | undefined][]> {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) return [];
  const length = last.offset + last.length - first.offset;
  const bytes = await deps.blobs.getRange(segmentKey(first.segmentId), first.offset, length);
  return run.map((row) => {
    if (!bytes) return [row, undefined];
    const from = row.offset - first.offset;
    try {
      return [row, decodePayload(bytes.subarray(from, from + row.length))];
    } catch (error) {
      deps.log("error", "a stored event cannot be read", {
        eventId: row.eventId,
        reason: reasonOf(error),
      });
      return [row, undefined];
    }
  });
}
