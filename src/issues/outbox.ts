import type { ChangeKind } from "../../queues/catalog";
import type { Deps } from "../deps";
import { wellFormed } from "../events/text";
import { Fault } from "../fault";
import { commit, isUnavailable } from "../platform/database";
import { reasonOf } from "../platform/logger";
import { dayMs, hourSeconds, minuteMs, secondMs } from "../protocol/durations";
import {
  deleteFailures,
  deleteHandledChanges,
  type Failure,
  markChangesHandled,
  selectChanges,
  selectDueFailures,
  selectUnhandledChanges,
  upsertFailures,
} from "./outbox-queries";

/** What happened to an issue, as a reader gets it. */
export type Change = {
  id: number;
  issueId: number;
  kind: ChangeKind;
  /** The event that brought it about, if it was one. */
  eventId: string | null;
  createdAt: Date;
};

/** Somebody who acts on what happens to issues. */
export type ChangeReader = {
  kinds: readonly ChangeKind[];
  /** After so many tries a change is parked: kept with its last error for a week, and not tried again. */
  triesMax: number;
  /** Before the second try; twice as long each time, up to an hour. */
  firstPauseSeconds: number;
  /**
   * Takes changes, in any order and once in a while twice. A throw concerns all of them; they are then offered in
   * halves, until the one that spoils them is alone.
   */
  handle(deps: Deps, changes: Change[]): Promise<void>;
};

/** By name, under which failures are kept. */
export type ChangeReaders = Readonly<Record<string, ChangeReader>>;

/** A message comes within seconds; after so long it is taken for lost. */
const sweepAfterMs = 2 * minuteMs;
/** Changes that are handed out, or tried again, at a time, and how many times in one run. */
const batchMax = 1000;
const batchesMax = 10;
/** A run begins no further batch after this: the next run is due every minute. */
const runMsMax = 50 * secondMs;
/**
 * Halves of one batch that a reader is offered; those that are left then fail together. At their last try there are
 * enough for each alone: nothing is parked for what is wrong with its neighbours.
 */
const offersAt = ({ triesMax }: ChangeReader, attempt: number) =>
  attempt < triesMax ? 40 : 2 * batchMax;
const pauseSecondsMax = hourSeconds;
const daysKept = 7;
const forgottenMax = 5000;
const forgettingsMax = 20;

/** Hands changes to all readers, but for those that were handed out before. */
export async function handOutChanges(
  deps: Deps,
  readers: ChangeReaders,
  ids: number[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await selectChanges(deps.db, ids);
  await handOut(deps, readers, rows);
}

/** Hands out what no message brought, and lets each reader try again what it failed to take. A bounded part each time. */
export async function sweepChanges(deps: Deps, readers: ChangeReaders): Promise<void> {
  const started = +deps.now();
  const before = new Date(started - sweepAfterMs);
  const inBatches = async (next: () => Promise<number>) => {
    for (let batch = 0; batch < batchesMax; batch++) {
      if (+deps.now() - started > runMsMax || (await next()) < batchMax) return;
    }
  };
  await inBatches(async () => {
    const rows = await selectUnhandledChanges(deps.db, before, batchMax);
    await handOut(deps, readers, rows);
    return rows.length;
  });
  // At the same time, so that a slow reader does not keep the others waiting.
  await Promise.all(
    Object.entries(readers).map(([name, reader]) => inBatches(() => tryAgain(deps, name, reader))),
  );
}

/** Removes what was handed out a week ago, and what readers failed to take of it, a bounded number at a time. */
export async function forgetOldChanges(deps: Deps): Promise<void> {
  const cutoff = new Date(+deps.now() - daysKept * dayMs);
  for (let chunk = 0; chunk < forgettingsMax; chunk++) {
    const { rows } = await deleteHandledChanges(deps.db, cutoff, forgottenMax);
    if ((rows[0]?.gone ?? 0) < forgottenMax) return;
  }
}

/**
 * One mark for all readers. What one of them fails to take becomes a row of its own in the same commit, and so is in
 * the way of nothing else.
 */
async function handOut(deps: Deps, readers: ChangeReaders, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  const failures = await Promise.all(
    Object.entries(readers).map(async ([name, reader]) => {
      const wanted = changes.filter(({ kind }) => reader.kinds.includes(kind));
      return failuresOf(
        deps,
        name,
        reader,
        await offer(deps, reader, wanted, offersAt(reader, 1)),
        () => 1,
      );
    }),
  );
  const failed = failures.flat();
  const ids = changes.map(({ id }) => id);
  await commit(deps.db, [
    markChangesHandled(deps.db, ids, deps.now()),
    ...(failed.length > 0 ? [upsertFailures(deps.db, failed)] : []),
  ]);
}

/** How many there were to try. */
async function tryAgain(deps: Deps, name: string, reader: ChangeReader): Promise<number> {
  const rows = await selectDueFailures(deps.db, name, deps.now(), batchMax);
  if (rows.length === 0) return 0;
  const attemptsOf = new Map(rows.map(({ id, attempts }) => [id, attempts]));
  const isLast = ({ attempts }: { attempts: number }) => attempts + 1 >= reader.triesMax;
  const last = rows.filter(isLast).map(changeOf);
  const others = rows.filter((row) => !isLast(row)).map(changeOf);
  const refused = [
    ...(await offer(deps, reader, others, offersAt(reader, 1))),
    ...(await offer(deps, reader, last, offersAt(reader, reader.triesMax))),
  ];
  const failed = failuresOf(deps, name, reader, refused, (id) => (attemptsOf.get(id) ?? 0) + 1);
  for (const { changeId } of failed) attemptsOf.delete(changeId);
  const taken = [...attemptsOf.keys()];
  await commit(deps.db, [
    ...(taken.length > 0 ? [deleteFailures(deps.db, name, taken)] : []),
    ...(failed.length > 0 ? [upsertFailures(deps.db, failed)] : []),
  ]);
  return rows.length;
}

type Refused = { id: number; error: unknown };

/** What of the changes a reader did not take, when it is asked about so often. */
async function offer(
  deps: Deps,
  reader: ChangeReader,
  changes: Change[],
  offers: number,
): Promise<Refused[]> {
  let left = offers;
  const inHalves = async (some: Change[]): Promise<Refused[]> => {
    left--;
    try {
      await reader.handle(deps, some);
      return [];
    } catch (error) {
      if (some.length === 1 || left < 2 || isOutage(error)) {
        return some.map(({ id }) => ({ id, error }));
      }
      const middle = Math.ceil(some.length / 2);
      const first = await inHalves(some.slice(0, middle));
      return [...first, ...(await inHalves(some.slice(middle)))];
    }
  };
  return changes.length > 0 ? inHalves(changes) : [];
}

/** Halves would only find the same. */
const isOutage = (error: unknown) =>
  isUnavailable(error) || (error instanceof Fault && error.worthRetrying);

function failuresOf(
  deps: Deps,
  name: string,
  reader: ChangeReader,
  refused: Refused[],
  attemptsOf: (id: number) => number,
): Failure[] {
  const now = deps.now();
  const failures = refused.map(({ id, error }): Failure => {
    const attempts = attemptsOf(id);
    return {
      changeId: id,
      reader: name,
      attempts,
      lastError: wellFormed(reasonOf(error)),
      nextAttemptAt: new Date(+now + pauseSeconds(reader, attempts) * secondMs),
      parkedAt: attempts >= reader.triesMax ? now : null,
    };
  });
  const [first] = failures;
  if (first) {
    const parked = failures.filter(({ parkedAt }) => parkedAt).length;
    deps.log(parked > 0 ? "error" : "warn", "a reader failed to take changes of issues", {
      reader: name,
      changes: failures.length,
      parked,
      reason: first.lastError,
    });
  }
  return failures;
}

/** After a number of tries. */
export const pauseSeconds = (
  { firstPauseSeconds }: Pick<ChangeReader, "firstPauseSeconds">,
  attempts: number,
): number => Math.min(pauseSecondsMax, firstPauseSeconds * 2 ** Math.min(attempts - 1, 20));

/** Without what is known of the tries. */
const changeOf = ({ attempts: _, ...change }: Change & { attempts: number }): Change => change;
