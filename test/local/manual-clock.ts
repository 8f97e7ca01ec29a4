import type { Clock } from "../../scripts/local/queues/queue-clock";

/** A clock that stands still until a test moves it. */
export function manualClock(startMs = 1_800_000_000_000) {
  let wallMs = startMs;
  let steadyMs = 0;
  let timers: { atMs: number; run(): void }[] = [];
  const clock: Clock = {
    wallMs: () => wallMs,
    steadyMs: () => steadyMs,
    after: (delayMs, run) => {
      const timer = { atMs: steadyMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  };
  const advance = (ms: number) => {
    wallMs += ms;
    steadyMs += ms;
    const due = timers.filter(({ atMs }) => atMs <= steadyMs);
    timers = timers.filter(({ atMs }) => atMs > steadyMs);
    for (const { run } of due) run();
  };
  return {
    clock,
    /** Time passes; what was to run by then runs. */
    advance,
    /** Somebody sets the clock on the wall. */
    jump: (ms: number) => {
      wallMs += ms;
    },
    /** Waits until somebody wants to go on within a minute, and moves the clock there. */
    skip: async () => {
      const soon = () => timers.map(({ atMs }) => atMs - steadyMs).filter((ms) => ms <= 60_000);
      while (soon().length === 0) await new Promise(setImmediate);
      const ms = Math.min(...soon());
      advance(ms);
      return ms;
    },
  };
}
