import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import {
  dayMs,
  daySeconds,
  hourMs,
  hourSeconds,
  minuteSeconds,
  secondMs,
} from "../protocol/durations";
import { placeOf } from "./activity";
import { type NumbersAsked, type NumbersRow, selectNumbers } from "./number-queries";
import { issueIdOf } from "./read-issue";

/** Until now and of 14 days, where nothing says otherwise. */
export type Period = { from?: Date; to?: Date; environments: string[] };

const periodDefaultMs = 14 * dayMs;

/** Of one issue more of its events are looked at than of each of many. */
const walkedOfOne = 10_000;
const walkedOfMany = 1000;
export const daysMax = 400;

export type IssueNumbers = {
  id: string;
  count: number;
  userCount: number;
  firstSeen: string | null;
  lastSeen: string | null;
  /** Some of the numbers are of the newest events alone, and may be more. */
  isCapped: boolean;
  /** The count among them: neither the hours nor the issue know it. */
  isCountCapped: boolean;
  /** Beginning of each step in seconds since 1970, and its events. */
  series: [at: number, count: number][];
  people: [at: number, count: number][];
  lifetime: { count: number; userCount: number; firstSeen: string; lastSeen: string };
};

export type Numbers = { intervalSeconds: number; issues: IssueNumbers[] };

/** Numbers of one issue inside a period. Faults: invalid, not_found, unprocessable. */
export async function numbersOfIssue(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  period: Period,
): Promise<IssueNumbers & { intervalSeconds: number }> {
  const id = await issueIdOf(deps, orgIds, idOrShortId);
  const read = (issueId: number) => numbersOf(deps, orgIds, [issueId], period, walkedOfOne);
  const found = await read(id);
  // Hardly ever: it was merged into another one, or it is not there.
  const { issues, intervalSeconds } =
    found.issues.length > 0
      ? found
      : await read((await placeOf(deps, orgIds, idOrShortId)).issueId);
  const [numbers] = issues;
  if (!numbers) throw notFound();
  return { ...numbers, intervalSeconds };
}

/** Numbers of some issues of an organization; those that are not there are left out. Faults: invalid, unprocessable. */
export const numbersOfIssues = (
  deps: Deps,
  orgId: number,
  ids: number[],
  period: Period,
): Promise<Numbers> => numbersOf(deps, [orgId], ids, period, walkedOfMany);

async function numbersOf(
  deps: Deps,
  orgIds: number[],
  ids: number[],
  { environments, ...period }: Period,
  walkedMax: number,
): Promise<Numbers> {
  const { to = deps.now() } = period;
  const from = period.from ?? new Date(+to - periodDefaultMs);
  if (environments.includes("")) throw new Fault("invalid", "The environment has no name");
  if (+from > +to) throw new Fault("unprocessable", "start is after end");
  if (+to - +from > daysMax * dayMs) throw new Fault("unprocessable", `at most ${daysMax} days`);
  const stepSeconds = stepOf(from, to);
  const asked = { from, to, environments, stepSeconds, walkedMax };
  const { rows } = await selectNumbers(deps.db, orgIds, ids, asked);
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  const found = ids.flatMap((id) => byId.get(id) ?? []);
  return {
    intervalSeconds: stepSeconds,
    issues: found.map((row) => toNumbers(row, asked)),
  };
}

/** At most some hundred steps, which begin where those of the hourly counters do. */
export function stepOf(from: Date, to: Date): number {
  const length = +to - +from;
  if (length <= 6 * hourMs) return 5 * minuteSeconds;
  if (length <= 7 * dayMs) return hourSeconds;
  if (length <= 31 * dayMs) return 6 * hourSeconds;
  return daySeconds;
}

function toNumbers(
  row: NumbersRow,
  { from, to, environments, stepSeconds, walkedMax }: NumbersAsked,
): IssueNumbers {
  const isWhole =
    environments.length === 0 &&
    +new Date(row.firstSeenAt) >= +from &&
    +new Date(row.lastSeenAt) <= +to;
  const isCut = row.walked === walkedMax;
  const isCapped = isCut && !isWhole;
  const steps = row.steps ?? [];
  // The hourly counters know neither environments nor minutes: they are asked where not all events were looked at.
  const isByHour = isCut && environments.length === 0 && stepSeconds >= hourSeconds;
  const counted = isByHour
    ? (row.hours ?? [])
    : steps.map(([at, count]): [number, number] => [at, count]);
  const lifetime = {
    count: Number(row.eventCount),
    userCount: row.userCount,
    firstSeen: row.firstSeenAt,
    lastSeen: row.lastSeenAt,
  };
  const people = steps.map(([at, , number]): [number, number] => [at, number]);
  return {
    id: row.id,
    count: isWhole
      ? lifetime.count
      : Math.max(
          counted.reduce((sum, [, count]) => sum + Number(count), 0),
          environments.length > 0 ? (row.estimate ?? 0) : 0,
        ),
    userCount: isWhole ? row.userCount : row.people,
    firstSeen: isWhole ? row.firstSeenAt : (row.oldest ?? row.first),
    lastSeen: isWhole ? row.lastSeenAt : row.last,
    isCapped,
    isCountCapped: isCapped && !isByHour,
    series: filled(counted, from, to, stepSeconds),
    people: filled(people, from, to, stepSeconds),
    lifetime,
  };
}

/** Every step of the period, those without anything as zero. */
function filled(known: [number, number][], from: Date, to: Date, step: number): [number, number][] {
  const counts = new Map(known.map(([at, count]) => [Number(at), count]));
  const first = Math.floor(+from / secondMs / step) * step;
  const length = Math.floor((+to / secondMs - first) / step) + 1;
  return Array.from({ length }, (_, index): [number, number] => {
    const at = first + index * step;
    return [at, counts.get(at) ?? 0];
  });
}
