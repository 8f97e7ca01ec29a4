import type { Db, Statement } from "../platform/database";
import { dashed } from "../platform/ids";
import {
  assertKnownHashes,
  assertUnknownEvents,
  lockProjects,
  selectKnownEvents,
  selectKnownHashes,
  selectLiveProjects,
  storePlan,
} from "./digest-queries";
import type { DigestedEvent, IssuePlan } from "./plan";

export type ChangeRow = { id: number; issueId: number; change: "created" | "regressed" };

/** The same event twice within this time is stored once; older partitions are not probed. */
const duplicateWindowMs = 8 * 86_400_000;
const windowStart = (now: Date) => new Date(+now - duplicateWindowMs);

/**
 * What is already there of a batch, asked in one round trip: events by id, hashes that lead to an issue, and projects
 * that still exist.
 */
export const readStatements = (
  tx: Db,
  events: Pick<DigestedEvent, "projectId" | "eventId" | "grouping">[],
  now: Date,
) =>
  [
    selectKnownEvents(tx, pairsOf(events), windowStart(now)),
    selectKnownHashes(
      tx,
      hashPairs(events.map(({ projectId, grouping }) => ({ projectId, hash: grouping.primary }))),
    ),
    selectLiveProjects(tx, [...new Set(events.map(({ projectId }) => projectId))]),
  ] as const;

/**
 * Stores a planned batch. Takes the lock of each project in order, makes sure that nobody stored one of the events and
 * that no known issue went since they were read (else SQLSTATE 40001), then writes everything in one statement.
 * Un-awaited; the last statement answers with rows of `ChangeRow`.
 */
export function storeStatements(
  tx: Db,
  plan: IssuePlan,
  events: DigestedEvent[],
  now: Date,
): Statement[] {
  const projectIds = [...new Set(events.map(({ projectId }) => projectId))].toSorted(
    (a, b) => a - b,
  );
  return [
    lockProjects(tx, projectIds),
    assertUnknownEvents(tx, pairsOf(events), windowStart(now)),
    ...(plan.reliedOn.length > 0 ? [assertKnownHashes(tx, hashPairs(plan.reliedOn))] : []),
    storePlan(tx, plan),
  ];
}

const pairsOf = (events: Pick<DigestedEvent, "projectId" | "eventId">[]) =>
  JSON.stringify(
    events.map(({ projectId, eventId }) => ({ project_id: projectId, event_id: dashed(eventId) })),
  );

const hashPairs = (hashes: { projectId: number; hash: string }[]) => {
  const distinct = new Map(
    hashes.map(({ projectId, hash }) => [`${projectId}:${hash}`, { project_id: projectId, hash }]),
  );
  return JSON.stringify([...distinct.values()]);
};
