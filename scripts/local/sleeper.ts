/** How long consumers have nothing to do before they end. */
const idleMsMax = 20_000;

/**
 * Keeps consumers from running for nothing: they are asked for when a batch is to be delivered, and may end when none
 * was for a while. Messages to whoever starts and ends them are heard in their order, so a batch never meets one that is
 * just ending.
 */
export function openSleeper({ wake, sleep }: { wake(): void; sleep(): void }, idleMs = idleMsMax) {
  let isAwake = false;
  let staysAwake = false;
  let working = 0;
  let waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const awake = (): Promise<void> | undefined => {
    if (isAwake) return undefined;
    if (waiting.length === 0) wake();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const rest = () => {
    if (working > 0 || !isAwake || staysAwake) return;
    isAwake = false;
    sleep();
  };
  return {
    /** They run now. */
    awoke: () => {
      isAwake = true;
      const resolved = waiting;
      waiting = [];
      for (const resolve of resolved) resolve();
    },
    stayAwake: () => {
      staysAwake = true;
      void awake();
    },
    whileAwake: async <T>(work: () => Promise<T>): Promise<T> => {
      clearTimeout(timer);
      working++;
      try {
        await awake();
        return await work();
      } finally {
        working--;
        clearTimeout(timer);
        if (working === 0) timer = setTimeout(rest, idleMs);
      }
    },
  };
}
