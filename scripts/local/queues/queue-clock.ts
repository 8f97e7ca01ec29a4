import { performance } from "node:perf_hooks";

/** Time, and waiting for it. Tests put their own in its place. */
export type Clock = {
  /** What the clock on the wall shows; may jump either way. */
  wallMs(): number;
  /** Never jumps, and starts anywhere. */
  steadyMs(): number;
  /** Runs something later; what is returned calls it off. */
  after(delayMs: number, run: () => void): () => void;
};

export const machineClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * The time by which messages are due. The wall clock is asked once, and the highest time that was ever seen is kept in
 * the store: so a wall clock that jumps neither holds messages back nor lets them overtake each other.
 */
export function queueClock(clock: Clock, highestSeenMs: number): () => number {
  const beginMs = Math.max(clock.wallMs(), highestSeenMs);
  const startedMs = clock.steadyMs();
  return () => Math.floor(beginMs + clock.steadyMs() - startedMs);
}
