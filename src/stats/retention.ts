import type { Deps } from "../deps";
import { uuidv7 } from "../platform/ids";
import { dayMs, weekMs } from "../protocol/durations";
import { dropOldPartitions, ensurePartitions } from "./queries";

/** A dead letter can be replayed for so long. */
const deadLetterDays = 30;
/**
 * How long the body of a message that is still somewhere may be needed, and the note that it was counted: two weeks
 * on the queue, the letter's time, two weeks on the queue again after a replay.
 */
const messageDaysMax = deadLetterDays + 2 * 15;

/** Tables that grow with traffic, and how many weeks a partition of each holds. `days` overrides the retention. */
export const partitionedTables: { table: string; days?: number; weeks?: number }[] = [
  { table: "events" },
  // A search by tag looks into every partition for every issue: few large ones.
  { table: "issue_tags", weeks: 4 },
  { table: "issue_texts", weeks: 4 },
  { table: "issue_hours" },
  { table: "outcome_hours" },
  { table: "counted_messages", days: messageDaysMax },
];

const weeksAhead = 4;
const pagesMax = 20;

/** Makes the partitions of the coming weeks and drops whole weeks that are past their time. */
export async function keepPartitions(deps: Deps): Promise<void> {
  const now = +deps.now();
  for (const { table, days, weeks } of partitionedTables) {
    const from = new Date(now - 2 * weekMs);
    await ensurePartitions(deps.db, table, from, weeksAhead + 3, weeks ?? 1);
    await dropOldPartitions(
      deps.db,
      table,
      new Date(now - (days ?? deps.config.retentionDays) * dayMs),
    );
  }
}

/** Deletes objects whose day has passed: payloads after their rows are gone, bodies after every letter that names them. */
export async function dropOldBlobs(deps: Deps): Promise<void> {
  const now = +deps.now();
  const dayBefore = (days: number) => new Date(now - days * dayMs).toISOString().slice(0, 10);
  // A week's partition is dropped when its last day is old enough, so payloads stay eight days longer.
  await dropDays(deps, "segments/", dayBefore(deps.config.retentionDays + 8));
  await dropDays(deps, "inbox/", dayBefore(messageDaysMax));
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
