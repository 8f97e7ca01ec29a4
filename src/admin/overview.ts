import type { Deps } from "../deps";
import { unlessLate } from "../platform/deadline";
import { limiter } from "../platform/limiter";
import { readLag } from "../stats/lag";
import { ageSeconds, readHealth } from "./health";
import { selectSizes, selectTotals } from "./metrics-queries";
import type { Overview } from "./schemas";

/** How the installation is doing, on one page. What cannot be asked is null, and the health says why. */
export async function readOverview(
  deps: Deps,
  countDeadLetters: (deps: Deps) => Promise<number>,
): Promise<Overview> {
  const orNothing = <T>(asked: Promise<T>) => unlessLate(deps.config.doorDeadlineMs, asked);
  const [health, lag, backlog, deadLetters, totals, disk] = await Promise.all([
    orNothing(readHealth(deps)),
    orNothing(readLag(deps)),
    orNothing(deps.backlog()),
    orNothing(countDeadLetters(deps)),
    orNothing(readSizes(deps)),
    orNothing(deps.disk()),
  ]);
  const { version, environment } = deps.config;
  return {
    version,
    environment,
    health: health ?? null,
    lag: lag ?? null,
    queues: (backlog ?? []).map(({ queue, messages, oldestAt }) => ({
      queue,
      messages,
      oldestSeconds: ageSeconds(oldestAt, deps.now()),
    })),
    deadLetters: deadLetters ?? null,
    totals: totals ?? null,
    disk: disk ? { freeBytes: disk.freeBytes, totalBytes: disk.totalBytes } : null,
    limitsAreLocal: limiter.isAlone(),
  };
}

async function readSizes(deps: Deps): Promise<NonNullable<Overview["totals"]>> {
  const [{ rows: totals }, { rows: sizes }] = await deps.db.batch([
    selectTotals(deps.db, deps.now()),
    selectSizes(deps.db),
  ]);
  const [total] = totals;
  const [size] = sizes;
  if (!total || !size) throw new Error("no totals");
  const { organizations, projects, users, issues } = total;
  return {
    organizations,
    projects,
    users,
    issues: Number(issues),
    events: Number(size.events),
    databaseBytes: Number(size.databaseBytes),
  };
}
