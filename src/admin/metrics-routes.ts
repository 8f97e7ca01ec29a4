import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { changeReaders } from "../../queues/change-readers";
import { countDeadLetters } from "../../queues/dead-letters";
import { Fault, notFound } from "../fault";
import type { AppEnv } from "../http/app-env";
import { limiter, readPassedAlone } from "../platform/limiter";
import { readLag } from "../stats/lag";
import { ageSeconds, readMachine } from "./machine";
import type { ReaderLag } from "./metrics-queries";
import { readTotals } from "./totals";

/** Numbers for operators, in Prometheus' text format. Closed until METRICS_TOKEN is set. */
export const metricsRoutes = new Hono<AppEnv>();

type Sample = { labels?: Record<string, string>; value: number };
type Metric = { name: string; help: string; samples: Sample[] };

metricsRoutes.get("/metrics/", async (c) => {
  const { deps } = c.var;
  const { metricsToken } = deps.config;
  if (!metricsToken) throw notFound();
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (!isSame(given, metricsToken)) throw new Fault("unauthenticated", "Unauthorized");

  const [{ totals, sums, readers }, deadLetters, lag, passedAlone, machine] = await Promise.all([
    readTotals(deps, Object.keys(changeReaders)),
    countDeadLetters(deps),
    readLag(deps),
    readPassedAlone(deps),
    readMachine(deps),
  ]);
  const one = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    samples: [{ value }],
  });
  const ofReaders = (name: string, help: string, valueOf: (lag: ReaderLag) => number): Metric => ({
    name,
    help,
    samples: readers.map((each) => ({
      labels: { reader: each.reader },
      value: valueOf(each),
    })),
  });
  const metrics = [
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
    ...(lag
      ? [
          one("queue_age_seconds", "How long the last batch waited in the queue", lag.queueSeconds),
          one(
            "digest_lag_seconds",
            "From receipt until the last batch was stored",
            lag.digestSeconds,
          ),
        ]
      : []),
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
    {
      name: "queue_backlog",
      help: "Messages that wait on a queue",
      samples: machine.backlog.map(({ queue, messages }) => ({
        labels: { queue },
        value: messages,
      })),
    },
    {
      name: "queue_oldest_seconds",
      help: "Age of the message that waits longest on a queue",
      samples: machine.backlog.map(({ queue, oldestAt }) => ({
        labels: { queue },
        value: ageSeconds(oldestAt, deps.now()),
      })),
    },
    ...(machine.disk
      ? [
          one("disk_free_bytes", "Room on the disk of the machine", machine.disk.freeBytes),
          one("disk_bytes", "Size of that disk", machine.disk.totalBytes),
        ]
      : []),
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
    one("dead_letters", "Messages that were given up, at most 1000", deadLetters),
  ];
  return c.text(metrics.map(toText).join(""), 200, {
    "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
  });
});

function toText({ name, help, samples }: Metric): string {
  const full = `brinkwatch_${name}`;
  const lines = samples.map(({ labels, value }) => {
    const list = Object.entries(labels ?? {}).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${full}${list.length > 0 ? `{${list.join(",")}}` : ""} ${value}\n`;
  });
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join("")}`;
}

const escapeLabel = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

/** Compares digests, so that neither length nor content shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
