import type { Deps } from "../deps";
import { dayMs } from "../protocol/durations";
import { daysMax, type IssueNumbers, numbersOfIssues } from "./issue-numbers";

/** What of a request says of which events the numbers of a row are. */
export type Within = { environments: string[]; from?: Date; to?: Date };

/** Numbers of an issue inside a filter, and its events by the hour where these differ from those of all. */
export type Inside = Pick<
  IssueNumbers,
  "count" | "userCount" | "firstSeen" | "lastSeen" | "isCapped" | "isCountCapped"
> & { hours?: [at: number, count: number][] };

/**
 * Numbers of the issues of a page inside the environments and the period that they were asked with; undefined, where
 * nothing narrows them. Faults: invalid.
 */
export async function numbersInside(
  deps: Deps,
  orgId: number,
  issueIds: number[],
  { environments, ...period }: Within,
  days: number,
): Promise<Map<string, Inside> | undefined> {
  const isNarrowed =
    environments.length > 0 || period.from !== undefined || period.to !== undefined;
  if (!isNarrowed || issueIds.length === 0) return undefined;
  const now = deps.now();
  const to = period.to ?? now;
  const earliest = new Date(+to - daysMax * dayMs);
  const from = period.from && +period.from > +earliest ? period.from : earliest;
  if (+from > +to) return undefined;
  const ask = (since: Date, until: Date) =>
    numbersOfIssues(deps, orgId, issueIds, { from: since, to: until, environments });
  const [inside, lately] = await Promise.all([
    ask(from, to),
    // The hourly counters of all environments are with the row already.
    environments.length > 0 ? ask(new Date(+now - days * dayMs), now) : undefined,
  ]);
  const hours = new Map(lately?.issues.map(({ id, series }) => [id, series]));
  return new Map(
    inside.issues.map((numbers) => {
      const own = hours.get(numbers.id);
      return [numbers.id, { ...numbers, ...(own && { hours: own }) }];
    }),
  );
}
