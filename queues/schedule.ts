import type { Deps } from "../src/deps";
import { forgetOldIssues, sweepChanges } from "../src/issues/changes";
import { reasonOf } from "../src/platform/logger";
import { dropOldBlobs, keepPartitions } from "../src/stats/retention";

const dayMs = 86_400_000;

type Job = { name: string; run(deps: Deps): Promise<unknown> };

/** What happens when, in one table. A test keeps it equal to the crons of wrangler.toml. */
export const schedule: Record<string, Job[]> = {
  "* * * * *": [{ name: "sweep issue changes", run: sweepChanges }],
  "17 * * * *": [
    { name: "keep partitions", run: keepPartitions },
    {
      name: "forget old issues",
      run: (deps) =>
        forgetOldIssues(deps, new Date(+deps.now() - (deps.config.retentionDays + 8) * dayMs)),
    },
    { name: "drop old payloads", run: dropOldBlobs },
  ],
};

/** Runs the jobs of a tick one after another; one that fails does not stop the next. */
export async function runSchedule(deps: Deps, cron: string): Promise<void> {
  for (const { name, run } of schedule[cron] ?? []) {
    try {
      await run(deps);
    } catch (error) {
      deps.log("error", "a scheduled job failed", { job: name, reason: reasonOf(error) });
    }
  }
}
