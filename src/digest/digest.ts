import type { Deps } from "../deps";
import { layOut, planIssues, segmentKey } from "../issues/plan";
import { type ChangeRow, readStatements, storeStatements } from "../issues/store";
import { commit, isBusy, isConflict, type Statement, type Turn } from "../platform/database";
import { randomPercent, uuidv7 } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import { firstEventStatements } from "../projects/first-event";
import { hourOf } from "../protocol/durations";
import { firstSightStatements, type Seen, seenStatement, unseenOf } from "../releases/first-sight";
import {
  countRows,
  digestedStatements,
  type OutcomeRow,
  outcomeStatements,
} from "../stats/outcomes";
import type { Prepared, PreparedEvent } from "./prepare";

/** How often a batch is read again because another consumer stored one of its events meanwhile. */
const conflictsMax = 5;

/** Pauses before a project that is being written is tried again: five seconds together, none with a connection. */
const busyPausesMs = [10, 20, 40, 80, 160, 320, 640, 1280, 2500];

type Circumstances = {
  /** Messages whose bodies will be deleted when this is done. */
  parked: { id: string; receivedAt: number }[];
  turn: Turn;
};

/**
 * Stores what a batch of messages came to: one read, one object, one commit. Whatever is there already is left
 * out, so the same message any number of times leaves the same state.
 */
export async function digest(deps: Deps, batch: Prepared[], about: Circumstances): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await digestOnce(deps, batch, about);
    } catch (error) {
      if (!isConflict(error) || attempt >= conflictsMax) throw error;
      deps.log("info", "a batch is read again after a conflict", {
        attempt,
        reason: reasonOf(error),
      });
    }
  }
}

async function digestOnce(
  deps: Deps,
  batch: Prepared[],
  { parked, turn }: Circumstances,
): Promise<void> {
  const { fresh, outcomes, knownHashes, newInHour, unseen } = await readFresh(deps, batch);
  if (fresh.length === 0 && outcomes.length === 0 && parked.length === 0) return;

  const segment = layOut(uuidv7(+deps.now()), fresh);
  const plan = planIssues(fresh, segment, knownHashes);
  if (fresh.length > 0) await deps.blobs.put(segmentKey(segment.id), segment.parts);

  const { newIssuesPerHour, newReleasesPerDay, newEnvironmentsPerDay } = deps.config;
  const statements: Statement[] = [
    ...firstSightStatements(deps.db, unseen, {
      ...{ newReleasesPerDay, newEnvironmentsPerDay, now: deps.now(), count: countRows },
    }),
    ...firstEventStatements(
      deps.db,
      [...new Set(fresh.map(({ projectId }) => projectId))],
      deps.now(),
    ),
    ...outcomeStatements(deps.db, outcomes),
    ...digestedStatements(deps.db, parked),
  ];
  // The locks come first, so everything else happens under them.
  const bounds = { newIssuesPerHour, newInHour, now: deps.now(), count: countRows };
  const stored = fresh.length > 0 ? storeStatements(deps.db, plan, fresh, turn, bounds) : [];
  const results = await commitInTurn(deps, [...stored, ...statements]);
  const answer = results[stored.length - 1] as { rows: ChangeRow[] } | undefined;
  await tell(deps, stored.length > 0 ? (answer?.rows ?? []) : []);
}

/** A project that is being written is tried again for a while; what was prepared stays good meanwhile. */
async function commitInTurn(deps: Deps, statements: Statement[]): Promise<unknown[]> {
  for (const pauseMs of busyPausesMs) {
    try {
      return await commit(deps.db, statements);
    } catch (error) {
      if (!isBusy(error)) throw error;
      await scheduler.wait(pauseMs * (0.5 + randomPercent() / 100));
    }
  }
  return commit(deps.db, statements);
}

/** Leaves out what is stored already, doubles within the batch, and projects that are gone. */
async function readFresh(
  deps: Deps,
  batch: Prepared[],
): Promise<{
  fresh: PreparedEvent[];
  outcomes: OutcomeRow[];
  knownHashes: Set<string>;
  newInHour: Map<number, number>;
  unseen: Seen[];
}> {
  const all = batch.flatMap(({ messageId, events }) =>
    events.map((event) => ({ messageId, event })),
  );
  const outcomes = batch.flatMap((prepared) => prepared.outcomes);
  if (all.length === 0)
    return { fresh: [], outcomes, knownHashes: new Set(), newInHour: new Map(), unseen: [] };

  const events = all.map(({ event }) => event);
  const [known, hashes, live, seen] = await deps.db.batch([
    ...readStatements(deps.db, events, deps.now()),
    seenStatement(deps.db, events),
  ]);
  const receivedAtOf = new Map<string, number[]>();
  for (const row of known.rows) {
    const key = `${row.project_id}:${row.event_id.replaceAll("-", "")}`;
    receivedAtOf.set(key, [...(receivedAtOf.get(key) ?? []), +new Date(row.received_at)]);
  }
  const newInHour = new Map(live.rows.map(({ id, newInHour }) => [Number(id), newInHour]));
  const fresh: PreparedEvent[] = [];
  const accepted = new Map<string, OutcomeRow>();
  for (const { messageId, event } of all) {
    const { projectId, eventId, receivedAt, category } = event;
    if (!newInHour.has(projectId)) continue;
    const key = `${projectId}:${eventId}`;
    const storedAt = receivedAtOf.get(key);
    const row = { projectId, receivedAt, hour: hourOf(receivedAt), category };
    if (storedAt === undefined) {
      receivedAtOf.set(key, [receivedAt]);
      fresh.push(event);
      const id = `${projectId}:${row.hour}:${category}`;
      const sum = accepted.get(id) ?? { ...row, outcome: "accepted", reason: "", quantity: 0 };
      sum.quantity++;
      accepted.set(id, sum);
    } else if (!storedAt.includes(receivedAt)) {
      // Another request brought the same event; the same request again is a redelivery and counts as nothing.
      outcomes.push({ ...row, messageId, outcome: "filtered", reason: "duplicate", quantity: 1 });
    }
  }
  return {
    fresh,
    outcomes: [...outcomes, ...accepted.values()],
    knownHashes: new Set(hashes.rows.map(({ project_id, hash }) => `${project_id}:${hash}`)),
    newInHour,
    unseen: unseenOf(fresh, seen.rows),
  };
}

/** The rows are written; a message that does not get through is made up for by the sweep. */
async function tell(deps: Deps, changes: ChangeRow[]): Promise<void> {
  if (changes.length === 0) return;
  try {
    await deps.publish(
      "issue-changes",
      changes.map(({ id, issueId, change }) => ({
        v: 1 as const,
        changeId: Number(id),
        issueId: Number(issueId),
        change,
      })),
    );
  } catch (error) {
    deps.log("warn", "issue changes wait for the sweep", { reason: reasonOf(error) });
  }
}
