import type { Deps } from "../deps";
import type { Store, Written } from "../item-type";
import { commit, isBusy, isConflict, type Statement, type Turn } from "../platform/database";
import { randomPercent, uuidv7 } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import { newSegment, segmentKey } from "../platform/segment";
import { digestedStatements, outcomeStatements } from "../stats/outcomes";
import type { Prepared } from "./prepare";
import { lockProjects } from "./queries";

/** How often a batch is read again because another consumer stored one of its rows meanwhile. */
const conflictsMax = 5;

/** Pauses before a project that is being written is tried again: five seconds together, none with a connection. */
const busyPausesMs = [10, 20, 40, 80, 160, 320, 640, 1280, 2500];

type Circumstances = {
  /** Messages whose bodies will be deleted when this is done. */
  parked: { id: string; receivedAt: number }[];
  turn: Turn;
};

/**
 * Stores what a batch of messages came to, whatever that is: one read, one object, one commit, then what others are
 * waiting for is published. Stores leave out what is there already, so the same message any number of times leaves the
 * same state.
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
  const rows = rowsOfBatch(batch);
  const answers = await readAll(deps, rows);

  const { db, config } = deps;
  const now = deps.now();
  const segment = newSegment(uuidv7(+now));
  const written = [...rows].map(([store, ofStore], index) =>
    store.write(ofStore, answers[index] ?? [], { db, config, now, segment }),
  );
  if (segment.parts.length > 0) await deps.blobs.put(segmentKey(segment.id), segment.parts);

  // The locks come first, so everything else happens under them.
  const projectIds = [...new Set(written.flatMap((each) => each.projectIds))];
  const outcomes = [...batch, ...written].flatMap((each) => each.outcomes);
  const statements: Statement[][] = [
    projectIds.length > 0 ? [lockProjects(db, projectIds, turn)] : [],
    ...written.map((each) => each.statements),
    outcomeStatements(db, outcomes),
    digestedStatements(db, parked),
  ];
  const [, ...results] = await commitInTurn(deps, statements);
  await publishAll(deps, written, results);
}

/** Rows of the same store go together, in the order of their messages. */
function rowsOfBatch(batch: Prepared[]): Map<Store, unknown[]> {
  const [first] = batch;
  if (first && batch.length === 1) return first.rows;
  const rows = new Map<Store, unknown[]>();
  for (const prepared of batch) {
    for (const [store, more] of prepared.rows) {
      const all = rows.get(store) ?? [];
      rows.set(store, all);
      for (const row of more) all.push(row);
    }
  }
  return rows;
}

/** One round trip, or none; the answers of each store. */
async function readAll(deps: Deps, rows: Map<Store, unknown[]>): Promise<unknown[][]> {
  const reads = [...rows].map(([store, ofStore]) => [
    ...(store.read?.(deps.db, ofStore, deps.now()) ?? []),
  ]);
  return inLists(reads, await commit(deps.db, reads.flat()));
}

/** A project that is being written is tried again for a while; what was prepared stays good meanwhile. */
async function commitInTurn(deps: Deps, lists: Statement[][]): Promise<unknown[][]> {
  const statements = lists.flat();
  for (const pauseMs of busyPausesMs) {
    try {
      return inLists(lists, await commit(deps.db, statements));
    } catch (error) {
      if (!isBusy(error)) throw error;
      await scheduler.wait(pauseMs * (0.5 + randomPercent() / 100));
    }
  }
  return inLists(lists, await commit(deps.db, statements));
}

/** Answers of flattened lists of statements, in lists like these. */
function inLists(lists: Statement[][], answers: unknown[]): unknown[][] {
  let at = 0;
  return lists.map(({ length }) => answers.slice(at, (at += length)));
}

/** The rows are written; what does not get through is made up for by whoever sweeps them. */
async function publishAll(deps: Deps, written: Written[], results: unknown[][]): Promise<void> {
  for (const [index, { publish }] of written.entries()) {
    try {
      await publish?.(deps, results[index] ?? []);
    } catch (error) {
      deps.log("warn", "what was stored is published by the sweep", { reason: reasonOf(error) });
    }
  }
}
