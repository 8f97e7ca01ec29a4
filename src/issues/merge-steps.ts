import { z } from "zod";
import type { Deps } from "../deps";
import { commit, type Db, type Statement } from "../platform/database";
import { lockProjectsOf } from "./delete-queries";
import type { JobRow } from "./job-queries";
import {
  finishMerge,
  type MergeChunk,
  moveEvents,
  moveHours,
  moveTags,
  moveTexts,
  moveUsers,
} from "./merge-queries";

/** What a merge consists of behind its redirect, in this order: what is small first. */
const phases = ["hours", "tags", "users", "texts", "events", "end"] as const;
type Phase = (typeof phases)[number];

const moves: Record<Phase, (tx: Db, chunk: MergeChunk) => Statement> = {
  hours: moveHours,
  tags: moveTags,
  users: moveUsers,
  texts: moveTexts,
  events: moveEvents,
  end: finishMerge,
};

/** Rows of a chunk. Batches of the project wait for a chunk under its lock; of events, only those of the issue. */
const rowsMax = 1000;
const eventsMax = 2000;
/** After a chunk under the lock, for those who wait for it. */
const pauseMs = 50;

const Task = z.object({
  winnerId: z.number(),
  loserIds: z.array(z.number()),
  /** What had been merged into these before. */
  before: z.array(z.object({ id: z.number(), into: z.number() })).default([]),
});
export type MergeTask = z.infer<typeof Task>;

/** What a merge was of. */
export const mergeTaskOf = ({ task }: Pick<JobRow, "task">): MergeTask => Task.parse(task);
const At = z.object({ phase: z.enum(phases) });

export const mergeBegins: z.infer<typeof At> = { phase: "hours" };

/**
 * The chunks of a merge from a phase on, to be committed together. One that finds as much as it may take leaves the job in
 * its phase, and those behind it do nothing: so a small merge is one commit, and a large one as many as it takes.
 */
export function mergeStatements(
  tx: Db,
  id: string,
  { winnerId, loserIds }: MergeTask,
  from: Phase,
  now: Date,
): Statement[] {
  return phases.slice(phases.indexOf(from)).map((phase, index, left) => {
    const limit = phase === "events" ? eventsMax : rowsMax;
    const next = left[index + 1] ?? "end";
    return moves[phase](tx, {
      winnerId,
      loserIds,
      step: { id, at: { phase } },
      next: { phase: next },
      limit,
      now,
    });
  });
}

/** Does the next chunks of a merge. All but events are counters that the digest adds to: they move under its lock. */
export async function mergeStep({ db, now }: Deps, { id, orgId, task, at }: JobRow): Promise<void> {
  const { phase } = At.parse(at);
  const merge = mergeTaskOf({ task });
  const statements = mergeStatements(db, id, merge, phase, now());
  const isLocked = phases.indexOf(phase) < phases.indexOf("events");
  await commit(
    db,
    isLocked ? [lockProjectsOf(db, [orgId], [merge.winnerId]), ...statements] : statements,
  );
  if (isLocked) await scheduler.wait(pauseMs);
}
