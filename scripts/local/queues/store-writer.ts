import { isCorruption, type Level, type Log, reasonOf } from "./open-level";
import type { Clock } from "./queue-clock";
import type { Change, Operation } from "./store-change";

/** What goes to the disk at once. */
const groupBytesMax = 4 * 1024 * 1024;
/** What may wait for the disk; more is refused. */
const waitingBytesMax = 64 * 1024 * 1024;
const reopenMsMin = 100;
const reopenMsMax = 10_000;

const closed = () => new Error("The queues are closed.");

type Waiting = { change: Change; resolve(): void; reject(error: Error): void };

export type StoreWriter = ReturnType<typeof storeWriter>;

/**
 * The one that touches the disk: what arrives while it writes goes together with the next write, so that one sync
 * serves many. After a write that failed the store is opened anew, because nobody knows how much of it is there.
 */
export function storeWriter(store: {
  clock: Clock;
  log: Log;
  level(): Level;
  summarize(changes: Change[]): { operations: Operation[]; apply(): void };
  reopen(isDamaged: boolean): Promise<void>;
  /** A change turned out to be on disk already. */
  wasDone(change: Change): void;
}) {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let reads: (() => Promise<void>)[] = [];
  let broken: { isDamaged: boolean } | undefined;
  let working: Promise<void> | undefined;
  let isClosed = false;

  const start = (): Promise<void> => {
    working ??= work().finally(() => {
      working = undefined;
      // What came after the last look would wait for ever.
      if (hasWork()) void start();
    });
    return working;
  };

  const hasWork = () => broken !== undefined || reads.length > 0 || waiting.length > 0;

  const work = async () => {
    // What calls this first wants to add more.
    await Promise.resolve();
    while (hasWork()) {
      if (broken) await reopen(broken.isDamaged);
      const jobs = reads;
      reads = [];
      for (const job of jobs) await job();
      if (waiting.length > 0) await commit(nextGroup());
    }
  };

  const nextGroup = (): Waiting[] => {
    let bytes = 0;
    const count = waiting.findIndex(({ change }, index) => {
      bytes += change.bytes;
      return index > 0 && bytes > groupBytesMax;
    });
    const group = waiting.splice(0, count < 0 ? waiting.length : count);
    for (const { change } of group) waitingBytes -= change.bytes;
    return group;
  };

  const commit = async (group: Waiting[]) => {
    const changes = group.map(({ change }) => change);
    const summary = store.summarize(changes);
    const operations = changes.flatMap((change) => change.operations);
    const sync = changes.some(({ isSynced }) => isSynced);
    try {
      await writeAll(store.level(), [...operations, ...summary.operations], sync);
    } catch (error) {
      store.log("error", "the queues could not be written", { reason: reasonOf(error) });
      broken = { isDamaged: isCorruption(error) };
      const refusal = new Error(`The queue could not be written: ${reasonOf(error)}`);
      waiting.unshift(...group.filter(({ change }) => change.unlessGone));
      for (const { change, reject } of group) if (!change.unlessGone) reject(refusal);
      return;
    }
    summary.apply();
    for (const { resolve } of group) resolve();
  };

  const reopen = async (isDamaged: boolean) => {
    refuseSends();
    for (let delayMs = reopenMsMin; ; delayMs = Math.min(reopenMsMax, 2 * delayMs)) {
      if (isClosed) return giveUp();
      try {
        await store.reopen(isDamaged);
        await dropDone();
        break;
      } catch (error) {
        store.log("error", "the queues cannot be opened", { reason: reasonOf(error) });
        await new Promise<void>((resolve) => store.clock.after(delayMs, resolve));
      }
    }
    broken = undefined;
    store.log("info", "the queues are open again");
  };

  const isOnDisk = (key: Buffer) => store.level().has(key);

  /** What failed may be on disk nevertheless, and must not be done twice. */
  const dropDone = async () => {
    const isThere = await Promise.all(
      waiting.map(async ({ change }) => !change.unlessGone || (await isOnDisk(change.unlessGone))),
    );
    const done = waiting.filter((_, index) => !isThere[index]);
    waiting = waiting.filter((_, index) => isThere[index]);
    for (const { change, resolve } of done) {
      store.wasDone(change);
      resolve();
    }
  };

  const refuseSends = () => {
    const refusal = new Error("The queue's store is being opened again.");
    for (const { change, reject } of waiting) if (!change.unlessGone) reject(refusal);
    waiting = waiting.filter(({ change }) => change.unlessGone);
    waitingBytes = 0;
  };

  /** What is in flight comes again after the next start. */
  const giveUp = () => {
    broken = undefined;
    for (const { reject } of waiting.splice(0)) reject(closed());
    reads = [];
  };

  return {
    /** Resolves when the change is on disk. */
    write(change: Change): Promise<void> {
      const isOurs = change.unlessGone !== undefined;
      if (isClosed) return Promise.reject(closed());
      if (broken && !isOurs) {
        return Promise.reject(new Error("The queue's store is being opened again."));
      }
      if (!isOurs && waitingBytes + change.bytes > waitingBytesMax) {
        return Promise.reject(new Error("Too much waits for the disk already."));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        waitingBytes += change.bytes;
        void start();
      });
    },

    /** Runs something between two writes, when disk and memory say the same. */
    between(job: () => Promise<void>): Promise<void> {
      if (isClosed) return Promise.reject(closed());
      return new Promise((resolve, reject) => {
        reads.push(async () => {
          try {
            await job();
            resolve();
          } catch (error) {
            broken = { isDamaged: isCorruption(error) };
            reject(error);
          }
        });
        void start();
      });
    },

    /** After a read that failed: opens the store anew, and mends it where it is damaged. */
    readFailed(error: unknown): void {
      broken ??= { isDamaged: isCorruption(error) };
      void start();
    },

    /** Ends when all that was given is on disk. */
    async close(): Promise<void> {
      isClosed = true;
      while (working) await working;
    },
  };
}

/** One by one into the same write: a third cheaper than as a list, of which the library makes another. */
function writeAll(level: Level, operations: Operation[], sync: boolean): Promise<void> {
  const batch = level.batch();
  for (const operation of operations) {
    if (operation.type === "put") batch.put(operation.key, operation.value);
    else batch.del(operation.key);
  }
  return batch.write({ sync });
}
