import { forgetExpired } from "../src/accounts/forget";
import { forgetOldAudit } from "../src/audit/audit";
import type { Deps } from "../src/deps";
import { removeDeletedIssues } from "../src/issues/delete-issues";
import { calmEscalated } from "../src/issues/escalate";
import { forgetOldIssues, removeIssuesOf } from "../src/issues/forget";
import { forgetOldJobs, workOnJobs } from "../src/issues/jobs";
import { openWhatIsDue } from "../src/issues/open-due";
import { forgetOldChanges, sweepChanges } from "../src/issues/outbox";
import { resolveWhatIsOld } from "../src/issues/resolve-aged";
import { forgetOldStatusChanges } from "../src/issues/undo-change";
import { removeDeletedOrganizations } from "../src/orgs/organizations";
import { reasonOf } from "../src/platform/logger";
import { removeDeletedProjects } from "../src/projects/delete";
import { lookUp } from "../src/protocol/dictionary";
import { dayMs, hourMs } from "../src/protocol/durations";
import { dropOldBlobs, keepPartitions } from "../src/stats/retention";
import { changeReaders } from "./change-readers";

const hoursAgo = (deps: Deps, hours: number) => new Date(+deps.now() - hours * hourMs);

type Job = { name: string; run(deps: Deps): Promise<unknown> };

/** What happens when, in one table. A test keeps it equal to the crons of wrangler.toml. */
export const schedule: Record<string, Job[]> = {
  "* * * * *": [
    { name: "open what was ignored for a time", run: openWhatIsDue },
    { name: "sweep issue changes", run: (deps) => sweepChanges(deps, changeReaders) },
    { name: "work on jobs", run: workOnJobs },
  ],
  "17 * * * *": [
    { name: "keep partitions", run: keepPartitions },
    {
      name: "forget old issues",
      run: (deps) =>
        forgetOldIssues(deps, new Date(+deps.now() - (deps.config.retentionDays + 8) * dayMs)),
    },
    { name: "resolve what was not seen for long", run: resolveWhatIsOld },
    { name: "forget old changes of issues", run: forgetOldChanges },
    { name: "calm what escalated", run: calmEscalated },
    { name: "forget changes that nobody can take back", run: forgetOldStatusChanges },
    { name: "forget jobs that ended", run: forgetOldJobs },
    { name: "remove what deleted issues left behind", run: removeDeletedIssues },
    { name: "forget sessions that are over", run: forgetExpired },
    { name: "forget old entries of the audit log", run: forgetOldAudit },
    { name: "drop old payloads", run: dropOldBlobs },
    {
      name: "remove deleted projects",
      run: (deps) => removeDeletedProjects(deps, hoursAgo(deps, 1), removeIssuesOf),
    },
    {
      name: "remove deleted organizations",
      run: (deps) => removeDeletedOrganizations(deps, hoursAgo(deps, 1)),
    },
  ],
};

/** Runs the jobs of a tick one after another; one that fails does not stop the next. */
export async function runSchedule(deps: Deps, cron: string): Promise<void> {
  for (const { name, run } of lookUp(schedule, cron) ?? []) {
    try {
      await run(deps);
    } catch (error) {
      deps.log("error", "a scheduled job failed", { job: name, reason: reasonOf(error) });
    }
  }
}
