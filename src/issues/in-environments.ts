import type { Deps } from "../deps";
import { Fault } from "../fault";
import { dayMs } from "../protocol/durations";
import { edgeOf, findEvents } from "./find-events";
import { daysMax, numbersOfIssue } from "./issue-numbers";
import { type IssueRow, selectIssueTags, type TagRow } from "./queries";
import type { ReadEvent } from "./read-events";
import { readIssue } from "./read-issue";

/** Tags are counted over all environments; of some, they are counted in so many of the newest events. */
export const sampledEventsMax = 300;
const sliceEvents = 100;
const valuesMax = 100;

/**
 * An issue with its numbers inside some environments: events by the counter of the tag, people and moments by the
 * newest events. One that was never there has no events, and the moments of the whole issue. Faults: invalid,
 * not_found.
 */
export async function readIssueIn(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  environments: string[],
  memberIds: number[],
): Promise<IssueRow> {
  assertNamed(environments);
  const issue = await readIssue(deps, orgIds, idOrShortId, memberIds);
  if (environments.length === 0) return issue;
  const now = +deps.now();
  const from = new Date(Math.max(+new Date(issue.firstSeenAt), now - (daysMax - 1) * dayMs));
  const ask = (since: Date) =>
    numbersOfIssue(deps, orgIds, issue.id, { from: since, environments });
  const [{ rows: tags }, ever, ofDay] = await Promise.all([
    selectIssueTags(deps.db, Number(issue.id), ["environment"]),
    ask(from),
    ask(new Date(now - dayMs)),
  ]);
  const counted = tags
    .filter(({ value }) => environments.includes(value))
    .reduce((sum, { count }) => sum + count, 0);
  return {
    ...issue,
    eventCount: String(Math.max(counted, ever.count)),
    userCount: ever.userCount,
    firstSeenAt: ever.firstSeen ?? issue.firstSeenAt,
    lastSeenAt: ever.lastSeen ?? issue.lastSeenAt,
    hours: ofDay.series,
  };
}

/** Tags of the newest events of an issue in some environments, with their most frequent values. Faults: invalid, not_found. */
export async function readTagsIn(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  keys: string[],
  environments: string[],
): Promise<TagRow[]> {
  const sampled = await sample(deps, orgIds, idOrShortId, environments);
  const byKey = Map.groupBy(valuesOf(sampled), ({ key }) => key);
  const wanted = [...byKey].filter(([key]) => keys.length === 0 || keys.includes(key));
  return wanted
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => {
      const total = values.reduce((sum, { count }) => sum + count, 0);
      return values
        .slice(0, valuesMax)
        .map(({ value, count }) => ({ key, value, count, total, distinct: values.length }));
    });
}

export type SampledValue = {
  key: string;
  value: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
};

/** Values of one tag, likewise, the most frequent first; those with a text in them. Faults: invalid, not_found. */
export async function readTagValuesIn(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  key: string,
  text: string,
  environments: string[],
): Promise<SampledValue[]> {
  const sampled = await sample(deps, orgIds, idOrShortId, environments);
  const wanted = text.toLowerCase();
  return valuesOf(sampled).filter(
    (one) => one.key === key && one.value.toLowerCase().includes(wanted),
  );
}

function assertNamed(environments: string[]): void {
  if (environments.includes("")) throw new Fault("invalid", "The environment has no name");
}

async function sample(
  deps: Deps,
  orgIds: number[],
  idOrShortId: string,
  environments: string[],
): Promise<ReadEvent[]> {
  assertNamed(environments);
  const issue = await readIssue(deps, orgIds, idOrShortId);
  const within = { scope: { issueId: Number(issue.id) }, projectId: Number(issue.projectId) };
  const found: ReadEvent[] = [];
  let after: ReadEvent["row"] | undefined;
  for (let slices = 0; slices < sampledEventsMax / sliceEvents; slices++) {
    const cursor = after && { backward: false, ...edgeOf(after) };
    const page = await findEvents(deps, within, { environments }, { limit: sliceEvents, cursor });
    found.push(...page.rows);
    after = page.rows.at(-1)?.row;
    if (!after || !page.hasMore) break;
  }
  return found;
}

/** Each value of each key with how many of the events have it, the most frequent first. */
function valuesOf(sampled: ReadEvent[]): SampledValue[] {
  const counted = new Map<string, Map<string, SampledValue>>();
  // Newest first: what is met last was there first.
  for (const { row, event } of sampled) {
    for (const [key, value] of event?.tags ?? []) {
      const values = counted.get(key) ?? new Map<string, SampledValue>();
      const { receivedAt } = row;
      const known = values.get(value) ?? { key, value, count: 0, lastSeen: receivedAt };
      values.set(value, { ...known, count: known.count + 1, firstSeen: receivedAt });
      counted.set(key, values);
    }
  }
  return [...counted.values()]
    .flatMap((values) => [...values.values()])
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
