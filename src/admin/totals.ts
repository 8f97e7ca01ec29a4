import type { Deps } from "../deps";
import { hourOf } from "../protocol/durations";
import {
  type OutcomeSum,
  type ReaderLag,
  selectOutcomeSums,
  selectReaderLags,
  selectTotals,
  type Totals,
} from "./metrics-queries";

/** Sizes of the installation, what was sent since the full hour, and how far readers of issue changes are behind. */
export async function readTotals(
  deps: Deps,
  changeReaders: string[],
): Promise<{ totals: Totals; sums: OutcomeSum[]; readers: ReaderLag[] }> {
  const now = deps.now();
  const [{ rows }, sums, readers] = await deps.db.batch([
    selectTotals(deps.db, now),
    selectOutcomeSums(deps.db, new Date(hourOf(+now))),
    selectReaderLags(deps.db, changeReaders, now),
  ]);
  const [totals] = rows;
  if (!totals) throw new Error("no totals");
  return { totals, sums: sums.rows, readers: readers.rows };
}
