import type { Deps, QueueBacklog } from "../deps";
import { unlessLate } from "../platform/deadline";
import { limiter, readPassedAlone } from "../platform/limiter";
import type { Disk } from "../platform/local-status";
import { type Lag, readLag } from "../stats/lag";
import { ageSeconds, readHealth } from "./health";
import type { ReaderLag } from "./metrics-queries";
import type { Metric } from "./prometheus";
import type { Health } from "./schemas";
import { readTotals } from "./totals";

/**
 * Every number that can be had now. What cannot be asked is left out: that the database is away is when the others are
 * looked at.
 */
export async function readMetrics(
  deps: Deps,
  changeReaders: string[],
  countDeadLetters: (deps: Deps) => Promise<number>,
): Promise<Metric[]> {
  const orNothing = <T>(asked: Promise<T>) => unlessLate(deps.config.doorDeadlineMs, asked);
  const [health, totals, deadLetters, lag, passedAlone, backlog, disk] = await Promise.all([
    orNothing(readHealth(deps)),
    orNothing(readTotals(deps, changeReaders)),
    orNothing(countDeadLetters(deps)),
    orNothing(readLag(deps)),
    orNothing(readPassedAlone(deps)),
    orNothing(deps.backlog()),
    orNothing(deps.disk()),
  ]);
  return [
    ...(health ? [ofHealth(health)] : []),
    ...(totals ? ofTotals(totals) : []),
    ...(lag ? ofLag(lag) : []),
    one(
      "limits_are_local",
      "1 while Redis cannot be asked and each isolate keeps rate limits by itself",
      passedAlone === undefined || limiter.isAlone() ? 1 : 0,
    ),
    one(
      "passed_local_limits_this_hour",
      "What passed limits that were kept by one isolate alone, reported after Redis was back",
      passedAlone ?? 0,
    ),
    ...(backlog ? ofBacklog(backlog, deps.now()) : []),
    ...(disk ? ofDisk(disk) : []),
    ...(deadLetters === undefined
      ? []
      : [one("dead_letters", "Messages that were given up, at most 1000", deadLetters)]),
  ];
}

const one = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  samples: [{ value }],
});

const ofHealth = ({ checks }: Health): Metric => ({
  name: "part_works",
  help: "1 for each part that does its work, as /_health/ready says",
  samples: Object.entries(checks).map(([part, { status }]) => ({
    labels: { part },
    value: status === "ok" ? 1 : 0,
  })),
});

function ofTotals({ totals, sums, readers }: Awaited<ReturnType<typeof readTotals>>): Metric[] {
  const ofReaders = (name: string, help: string, valueOf: (lag: ReaderLag) => number): Metric => ({
    name,
    help,
    samples: readers.map((each) => ({
      labels: { reader: each.reader },
      value: valueOf(each),
    })),
  });
  return [
    one("organizations", "Organizations", totals.organizations),
    one("projects", "Projects", totals.projects),
    one("users", "Active users", totals.users),
    one("issues_estimate", "Issues, as the database estimates them", Number(totals.issues)),
    {
      name: "items_this_hour",
      help: "What was sent since the full hour, by category and by what became of it",
      samples: sums.map(({ category, outcome, quantity }) => ({
        labels: { category, outcome },
        value: Number(quantity),
      })),
    },
    one("issue_changes_waiting", "Changes of issues not handed out yet", totals.changesWaiting),
    one("issue_change_age_seconds", "Age of the oldest of them", totals.oldestChangeSeconds),
    ofReaders(
      "issue_change_lag_seconds",
      "Age of the oldest change that a reader still has to take",
      ({ lagSeconds }) => lagSeconds,
    ),
    ofReaders(
      "issue_changes_retrying",
      "Changes that a reader failed to take and tries again, at most 10000",
      ({ retrying }) => retrying,
    ),
    ofReaders(
      "issue_changes_parked",
      "Changes that a reader gave up within the last week, at most 10000",
      ({ parked }) => parked,
    ),
  ];
}

const ofLag = ({ queueSeconds, digestSeconds }: Lag): Metric[] => [
  one("queue_age_seconds", "How long the last batch waited in the queue", queueSeconds),
  one("digest_lag_seconds", "From receipt until the last batch was stored", digestSeconds),
];

const ofBacklog = (backlog: QueueBacklog[], now: Date): Metric[] => [
  {
    name: "queue_backlog",
    help: "Messages that wait on a queue",
    samples: backlog.map(({ queue, messages }) => ({ labels: { queue }, value: messages })),
  },
  {
    name: "queue_oldest_seconds",
    help: "Age of the message that waits longest on a queue",
    samples: backlog.map(({ queue, oldestAt }) => ({
      labels: { queue },
      value: ageSeconds(oldestAt, now),
    })),
  },
];

const ofDisk = ({ freeBytes, totalBytes }: Disk): Metric[] => [
  one("disk_free_bytes", "Room on the disk of the machine", freeBytes),
  one("disk_bytes", "Size of that disk", totalBytes),
];
