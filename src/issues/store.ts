import type { Db, Statement } from "../platform/database";
import { dashed } from "../platform/ids";
import {
  assertUnknownEvents,
  lockProjects,
  selectKnownEvents,
  selectLiveProjects,
  storePlan,
} from "./digest-queries";
import type { DigestedEvent, IssuePlan } from "./plan";

export type ChangeRow = { id: number; issueId: number; change: "created" | "regressed" };

/** What is already there of a batch, asked in one round trip: events by id, and projects that still exist. */
export const readStatements = (tx: Db, events: Pick<DigestedEvent, "projectId" | "eventId">[]) =>
  [
    selectKnownEvents(tx, pairsOf(events)),
    selectLiveProjects(tx, [...new Set(events.map(({ projectId }) => projectId))]),
  ] as const;

/**
 * Stores a planned batch. Takes the lock of each project in order, makes sure that nobody stored one of the
 * events since they were read (else SQLSTATE 40001), then writes everything in one statement. Un-awaited; the
 * last statement answers with rows of `ChangeRow`.
 */
export function storeStatements(tx: Db, plan: IssuePlan, events: DigestedEvent[]): Statement[] {
  const projectIds = [...new Set(events.map(({ projectId }) => projectId))].toSorted(
    (a, b) => a - b,
  );
  return [
    lockProjects(tx, projectIds),
    assertUnknownEvents(tx, pairsOf(events)),
    storePlan(tx, plan),
  ];
}

const pairsOf = (events: Pick<DigestedEvent, "projectId" | "eventId">[]) =>
  JSON.stringify(
    events.map(({ projectId, eventId }) => ({ project_id: projectId, event_id: dashed(eventId) })),
  );
