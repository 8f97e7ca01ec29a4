import type { Deps } from "../deps";
import { boundedMemory } from "../platform/memory";
import { hourMs, hourOf, hourSeconds, secondMs } from "../protocol/durations";
import { hoursLookedAt, type Limits, limitsOf } from "./escalation";
import { calmIssues, escalateIssues, selectHours } from "./escalation-queries";
import { publishChanges } from "./publish-changes";

/** An issue with its events of the current hour, where these are enough to be looked at. */
export type Busy = { issueId: number; count: number };

const rememberedMax = 5000;
/** Of issues and hours; of one that was asked to escalate nothing is to be asked again in its hour. */
const remembered = boundedMemory<string, Limits | "asked">(rememberedMax);

/**
 * Lets issues escalate that have more events in this hour than is to be expected. What is expected is read once an hour
 * and isolate, and asks for nothing but the hours before, so that it holds for all of the hour.
 */
export async function escalateBusy(deps: Deps, busy: Busy[]): Promise<void> {
  if (busy.length === 0) return;
  const now = deps.now();
  const hour = hourOf(+now);
  const keyOf = (issueId: number | string) => `${issueId}:${hour}`;
  const unknown = busy.filter(({ issueId }) => !remembered.has(keyOf(issueId)));
  if (unknown.length > 0) {
    const ids = unknown.map(({ issueId }) => Number(issueId));
    const { rows } = await selectHours(
      deps.db,
      ids,
      new Date(hour - hoursLookedAt * hourMs),
      new Date(hour),
    );
    for (const { id, firstSeen, hours } of rows) {
      const ageHours = (+now - firstSeen * secondMs) / hourMs;
      remembered.set(keyOf(id), limitsOf(eachHour(hours, hour), ageHours));
    }
  }
  const escalating = busy.flatMap(({ issueId, count }) => {
    const limits = remembered.get(keyOf(issueId));
    if (!limits || limits === "asked" || count < limits.threshold) return [];
    remembered.set(keyOf(issueId), "asked");
    return [{ id: issueId, limit: Math.ceil(limits.hour), forecast: Math.round(limits.forecast) }];
  });
  if (escalating.length === 0) return;
  const { rows } = await escalateIssues(deps.db, escalating, now);
  await publishChanges(deps, rows);
}

/** Events of every hour, the newest last. */
function eachHour(known: [seconds: number, count: number][], hour: number): number[] {
  const counts = new Map(known.map(([seconds, count]) => [Number(seconds), count]));
  const first = hour / secondMs - hoursLookedAt * hourSeconds;
  return Array.from(
    { length: hoursLookedAt },
    (_, index) => counts.get(first + index * hourSeconds) ?? 0,
  );
}

const chunkIssues = 500;
const chunksMax = 100;

/** Issues that escalated and had a quiet day since go on as before, a bounded number at a time. */
export async function calmEscalated(deps: Deps): Promise<void> {
  for (let chunk = 0; chunk < chunksMax; chunk++) {
    const { rows } = await calmIssues(deps.db, deps.now(), chunkIssues);
    if (rows.length < chunkIssues) return;
  }
}
