import type { Deps } from "../deps";
import { uuidv7 } from "../platform/ids";
import { dropOldPartitions, ensurePartitions } from "./queries";

/** Tables that grow with traffic; each has one partition a week. `days` overrides the retention setting. */
export const partitionedTables: { table: string; days?: number }[] = [
  { table: "events" },
  { table: "issue_tags" },
  { table: "issue_hours" },
  { table: "outcome_hours" },
  // Longer than a queue can hold a message back.
  { table: "counted_messages", days: 21 },
];

const dayMs = 86_400_000;
const weeksAhead = 4;
const deadLetterDays = 30;
const pagesMax = 20;

/** Makes the partitions of the coming weeks and drops whole weeks that are past their time. */
export async function keepPartitions(deps: Deps): Promise<void> {
  const now = +deps.now();
  for (const { table, days } of partitionedTables) {
    await ensurePartitions(deps.db, table, new Date(now - 2 * 7 * dayMs), weeksAhead + 3);
    await dropOldPartitions(
      deps.db,
      table,
      new Date(now - (days ?? deps.config.retentionDays) * dayMs),
    );
  }
}

/** Deletes objects whose day has passed: payloads after their rows are gone, leftovers after two weeks. */
export async function dropOldBlobs(deps: Deps): Promise<void> {
  const now = +deps.now();
  const dayBefore = (days: number) => new Date(now - days * dayMs).toISOString().slice(0, 10);
  // A week's partition is dropped when its last day is old enough, so payloads stay eight days longer.
  await dropDays(deps, "segments/", dayBefore(deps.config.retentionDays + 8));
  await dropDays(deps, "inbox/", dayBefore(15));
  // Named by time-ordered ids: those before the first id of that moment.
  await dropDays(deps, "dead-letters/", uuidv7(now - deadLetterDays * dayMs).slice(0, 13));
}

/** Keys sort by time, so the oldest come first and the first young one ends it. */
async function dropDays(deps: Deps, prefix: string, firstDayKept: string): Promise<void> {
  for (let page = 0; page < pagesMax; page++) {
    const { blobs } = await deps.blobs.list(prefix, { limit: 1000 });
    const old = blobs.map(({ key }) => key).filter((key) => key < prefix + firstDayKept);
    if (old.length === 0) return;
    await deps.blobs.delete(old);
    if (old.length < blobs.length) return;
  }
}
