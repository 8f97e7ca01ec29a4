import type { Deps } from "../deps";
import { dayMs, dayOf, hourMs, hourOf } from "../protocol/durations";
import { selectAcceptedErrors, selectLastEvents } from "./queries";

/** Periods of a project's bars: how many points, and how long each is. */
const periods = {
  "24h": { points: 24, stepMs: hourMs, startOf: hourOf },
  "14d": { points: 14, stepMs: dayMs, startOf: dayOf },
} as const;
export type ActivityPeriod = keyof typeof periods;

/** Beginning of each point, in seconds since 1970, and how many errors were stored in it. The last is not over yet. */
export type Activity = [at: number, count: number][];

/** The errors of some projects, by id, in one query for all of them; a project without any has zeros. */
export async function readActivity(
  deps: Deps,
  projectIds: number[],
  period: ActivityPeriod,
): Promise<Map<number, Activity>> {
  const { points, stepMs, startOf } = periods[period];
  const last = startOf(+deps.now());
  const first = last - (points - 1) * stepMs;
  const counted = new Map<string, number>();
  if (projectIds.length > 0) {
    const { rows } = await selectAcceptedErrors(
      deps.db,
      projectIds,
      new Date(first),
      stepMs / 1000,
    );
    for (const row of rows) counted.set(`${row.projectId} ${row.at}`, Number(row.quantity));
  }
  const starts = Array.from({ length: points }, (_, at) => (first + at * stepMs) / 1000);
  return new Map(
    projectIds.map((id) => [id, starts.map((at) => [at, counted.get(`${id} ${at}`) ?? 0])]),
  );
}

/** When the last error of some projects came, by id; those that have none are missing. */
export async function readLastEvents(deps: Deps, projectIds: number[]): Promise<Map<number, Date>> {
  if (projectIds.length === 0) return new Map();
  const { rows } = await selectLastEvents(deps.db, projectIds);
  return new Map(
    rows.flatMap(({ projectId, at }) => (at === null ? [] : [[Number(projectId), new Date(at)]])),
  );
}
