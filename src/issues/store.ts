import type { Db, Statement } from "../platform/database";
import { dashed } from "../platform/ids";
import { dayMs, hourOf } from "../protocol/durations";
import {
  assertKnownHashes,
  assertStillFresh,
  selectKnownEvents,
  selectKnownHashes,
  selectLiveProjects,
} from "./digest-queries";
import type { DigestedEvent } from "./digested-event";
import { type Groupings, hashesOf, primariesOf } from "./grouping/grouping";
import { overflowIssue } from "./overflow";
import { assignOwned, suggestOwners } from "./owned-queries";
import type { IssuePlan } from "./plan";
import { unreadSince } from "./plan-texts";
import { reopenIssues } from "./reopen-queries";
import { windowedMax } from "./status-details";
import { type Bounds, storePlan } from "./store-queries";

/**
 * The same event twice within this time is stored once. Counted from when the event was received, not from now: a
 * message that comes again after weeks finds what it left. Partitions outside are not probed.
 */
const duplicateWindowMs = 8 * dayMs;

/**
 * What is already there of a batch, asked in one round trip: events by id, hashes that lead to an issue, and projects
 * that still exist, with their new issues of this hour.
 */
export const readStatements = (
  tx: Db,
  events: Pick<DigestedEvent, "projectId" | "eventId" | "receivedAt" | "groupings">[],
  now: Date,
) => {
  const asked = events.flatMap(({ projectId, groupings, receivedAt }) => {
    const primaries = primariesOf(groupings);
    return decidingHashes(groupings).map((hash) => ({
      projectId,
      hash,
      since: primaries.includes(hash) ? unreadSince(projectId, hash, receivedAt) : undefined,
    }));
  });
  const asksForTexts = asked.some(({ since }) => since !== undefined);
  return [
    selectKnownEvents(tx, sightingsOf(events)),
    selectKnownHashes(tx, hashPairs(asked), asksForTexts),
    selectLiveProjects(
      tx,
      [...new Set(events.map(({ projectId }) => projectId))],
      new Date(hourOf(+now)),
    ),
  ] as const;
};

/**
 * Stores a planned batch, under the locks of its projects (src/digest/digest.ts). Makes sure that nobody stored one of
 * the events, deleted a project or changed its version of grouping, that no known issue went and that no project filled
 * up since they were read (else SQLSTATE 40001), then writes everything in one statement, and in another one opens what
 * people were done with, where the batch has anything for such an issue.
 * Un-awaited; the last ones answer with rows of `ChangeRow`.
 */
export function storeStatements(
  tx: Db,
  plan: IssuePlan,
  events: DigestedEvent[],
  {
    now,
    newInHour,
    projectsOnG1,
    ...bounds
  }: Pick<Bounds, "newIssuesPerHour" | "count"> & {
    now: Date;
    /** Issues that came into being in each project since the hour began, as far as is known. */
    newInHour: ReadonlyMap<number, number>;
    projectsOnG1: ReadonlySet<number>;
  },
): Statement[] {
  const { newIssuesPerHour } = bounds;
  const isCrowded =
    newIssuesPerHour > 0 &&
    [...plan.unknown].some(
      ([projectId, groups]) => groups + (newInHour.get(projectId) ?? 0) > newIssuesPerHour,
    );
  const projectIds = [...new Set(events.map(({ projectId }) => projectId))];
  return [
    assertStillFresh(
      tx,
      sightingsOf(events),
      projectIds,
      projectIds.filter((id) => projectsOnG1.has(id)),
    ),
    ...(plan.reliedOn.length > 0 ? [assertKnownHashes(tx, hashPairs(plan.reliedOn))] : []),
    storePlan(tx, plan, { ...bounds, hour: hourOf(+now), overflow: overflowIssue, isCrowded }),
    ...(plan.owned.length > 0 ? [suggestOwners(tx, plan.owned)] : []),
    ...(plan.owned.some(({ assigns }) => assigns) ? [assignOwned(tx, plan.owned, now)] : []),
    ...(plan.arrivals.length > 0
      ? [reopenIssues(tx, plan.arrivals, { overflowHash: overflowIssue.hash, windowedMax })]
      : []),
  ];
}

/** Hashes of which the plan asks whether they lead to an issue. */
const decidingHashes = ({ g1, g2 }: Groupings) =>
  g1 ? [...hashesOf(g1), ...hashesOf(g2)] : [g2.primary];

function sightingsOf(events: Pick<DigestedEvent, "projectId" | "eventId" | "receivedAt">[]) {
  const moments = events.map(({ receivedAt }) => receivedAt);
  return {
    rows: JSON.stringify(
      events.map(({ projectId, eventId, receivedAt }) => ({
        project_id: projectId,
        event_id: dashed(eventId),
        received_at: new Date(receivedAt).toISOString(),
      })),
    ),
    from: new Date(Math.min(...moments) - duplicateWindowMs),
    to: new Date(Math.max(...moments) + duplicateWindowMs),
    windowSeconds: duplicateWindowMs / 1000,
  };
}

type HashPair = { projectId: number; hash: string; since?: number | undefined; issueId?: string };

const hashPairs = (hashes: HashPair[]) => {
  const distinct = new Map(
    hashes.map(({ projectId, hash, since, issueId }) => [
      `${projectId}:${hash}`,
      {
        project_id: projectId,
        hash,
        ...(since !== undefined && { since: new Date(since).toISOString() }),
        ...(issueId !== undefined && { issue_id: issueId }),
      },
    ]),
  );
  return JSON.stringify([...distinct.values()]);
};
