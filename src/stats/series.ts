import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { aliasesOf } from "../protocol/categories";
import { lookUp } from "../protocol/dictionary";
import { dayMs, hourMs, hourOf, minuteMs, unitMs } from "../protocol/durations";
import { type GroupRow, pointsMax, selectOutcomeSeries } from "./queries";
import type { StatsQuery } from "./schemas";

const intervalsMax = 1000;
const groupsMax = 1000;
const intervalMs = { "1d": dayMs, "1h": hourMs, "1m": minuteMs } as const;

/** Starts of the buckets: from the hour in which it begins to the hour after its end. */
export function bucketsOf(start: Date, end: Date, interval: StatsQuery["interval"]): number[] {
  const [first, last, step] = [hourOf(+start), hourOf(+end + hourMs), intervalMs[interval]];
  const count = Math.floor((last - first) / step) + 1;
  if (count > intervalsMax) throw new Fault("unprocessable", "Too many intervals");
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

/** Counts of what was sent, bucket by bucket; empty buckets are zeros. Faults: unprocessable, not_found. */
export async function readStats(deps: Deps, orgId: number, query: StatsQuery) {
  const { start, end } = periodOf(query, deps.now());
  const buckets = bucketsOf(start, end, query.interval);
  const projectIds = query.project.map(Number).filter((id) => id > 0);
  const outcomes =
    query.outcome.length > 0 || query.groupBy.length > 0 ? query.outcome : ["accepted"];
  const { rows } = await selectOutcomeSeries(deps.db, orgId, {
    projectIds,
    outcomes,
    reasons: query.reason,
    groupBy: query.groupBy,
    categories: query.category.flatMap(aliasesOf),
    from: new Date(buckets[0] ?? 0),
    to: new Date((buckets.at(-1) ?? 0) + intervalMs[query.interval]),
    stepSeconds: intervalMs[query.interval] / 1000,
  });
  const [first] = rows;
  if (!first?.hasProject) throw notFound();
  if (rows.length > pointsMax) throw tooMuch();
  return {
    start: start.toISOString(),
    end: end.toISOString(),
    intervals: buckets.map((ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "+00:00")),
    groups: groupsOf(rows, buckets, query),
  };
}

const tooMuch = () =>
  new Fault(
    "unprocessable",
    `More than ${groupsMax} groups or ${pointsMax} points: ask for interval=1d, a shorter period, fewer projects or less in groupBy`,
  );

function periodOf({ start, end, statsPeriod }: StatsQuery, now: Date) {
  if (statsPeriod !== undefined) {
    const length =
      Number.parseInt(statsPeriod, 10) * (lookUp(unitMs, statsPeriod.slice(-1)) ?? hourMs);
    return { start: new Date(+now - length), end: now };
  }
  if (!start || !end)
    throw new Fault("unprocessable", "start and end, or statsPeriod, are required");
  return { start, end };
}

function groupsOf(rows: GroupRow[], buckets: number[], { field, groupBy }: StatsQuery) {
  const indexes = new Map(buckets.map((ms, index) => [ms, index]));
  const groups = new Map<string, { by: Record<string, string | number>; series: number[] }>();
  const zeros = () => buckets.map(() => 0);
  if (groupBy.length === 0) groups.set("{}", { by: {}, series: zeros() });
  for (const row of rows) {
    const index = row.bucket === null ? undefined : indexes.get(+new Date(row.bucket));
    if (index === undefined) continue;
    const key = JSON.stringify(row.by);
    const group = groups.get(key) ?? { by: row.by, series: zeros() };
    group.series[index] = Number(row.quantity);
    groups.set(key, group);
    if (groups.size > groupsMax || groups.size * buckets.length > pointsMax) throw tooMuch();
  }
  return [...groups.values()].map(({ by, series }) => ({
    by,
    totals: { [field]: series.reduce((sum, count) => sum + count, 0) },
    series: { [field]: series },
  }));
}
