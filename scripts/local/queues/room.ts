import { type Log, reasonOf } from "./open-level";
import type { Clock } from "./queue-clock";

/** Free bytes of the disk are looked up no more often than this. */
const lookAgainMs = 1000;
/** What tells of refusals is taken until a quarter of the reserve is left. */
const lastPart = 1 / 4;
const lastQueues = new Set(["outcomes", "dead-letters"]);

export const defaultReserveBytes = 512 * 1024 * 1024;

export type Room = {
  /** Why nothing more is taken for a queue, if so. */
  refusalOf(queue: string): Promise<string | undefined>;
  /** The same, as it was when somebody last looked. */
  isRefusing(queue: string): boolean;
};

/** Leaves a reserve of the disk to the database and to the messages that are there already. */
export function roomOf(
  freeBytes: () => number | Promise<number>,
  clock: Clock,
  log: Log,
  reserveBytes = defaultReserveBytes,
): Room {
  let free = Number.POSITIVE_INFINITY;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let wasRefusing = false;

  const look = async () => {
    try {
      free = await freeBytes();
    } catch (error) {
      log("error", "the free bytes of the disk are unknown", { reason: reasonOf(error) });
    }
    const refuses = free < reserveBytes;
    if (refuses === wasRefusing) return;
    wasRefusing = refuses;
    if (refuses)
      log("error", "the disk is nearly full: events are refused", { free, reserveBytes });
    else log("info", "there is room on the disk again", { free });
  };
  const neededBytes = (queue: string) =>
    lastQueues.has(queue) ? reserveBytes * lastPart : reserveBytes;

  const lookInTime = () => {
    if (clock.steadyMs() - lookedMs < lookAgainMs) return;
    lookedMs = clock.steadyMs();
    looking = look().finally(() => {
      looking = undefined;
    });
  };

  return {
    refusalOf: async (queue) => {
      lookInTime();
      if (looking) await looking;
      if (free >= neededBytes(queue)) return undefined;
      return `The disk is nearly full: ${megabytes(free)} MB are free, ${megabytes(neededBytes(queue))} MB are kept in reserve.`;
    },
    isRefusing: (queue) => {
      lookInTime();
      return free < neededBytes(queue);
    },
  };
}

const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
