import type { Deps } from "../deps";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { placeOf } from "./activity";
import { countedMax, type HashRow, selectHashes } from "./hash-queries";
import { type ReadEvent, readEvents } from "./read-events";

/** A hash that leads to an issue. */
export type LeadingHash = Omit<HashRow, "latest" | "walked"> & {
  latest: ReadEvent | null;
  /** Older events of the issue were not counted. */
  isCapped: boolean;
};

/** The hashes that lead to an issue of some organizations, each with its newest event. Faults: not_found. */
export async function listHashes(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  range: Range,
): Promise<Page<LeadingHash>> {
  const { issueId } = await placeOf(deps, orgIds, idOrShortId);
  const { rows, hasMore } = toPage((await selectHashes(deps.db, issueId, range)).rows, range);
  const latest = rows.flatMap((row) => row.latest ?? []);
  const read = new Map(
    (await readEvents(deps, latest)).map((each) => [each.row.eventId, each] as const),
  );
  return {
    rows: rows.map(({ latest: event, walked, ...row }) => ({
      ...row,
      latest: (event && read.get(event.eventId)) ?? null,
      isCapped: walked >= countedMax,
    })),
    hasMore,
  };
}
