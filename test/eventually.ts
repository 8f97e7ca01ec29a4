const pauseMsMin = 25;
/** Each question to a server or a database costs more than the wait for it: it is asked less often the longer it lasts. */
const pauseMsMax = 200;

/**
 * Waits until a condition holds; fails with its last message. A check that hangs is left behind at the deadline, and what
 * it asked for is aborted through its signal.
 */
export async function eventually<T>(
  check: (signal: AbortSignal) => Promise<T> | T,
  timeoutMs = 90_000,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  let last: unknown = new Error(`not answered within ${timeoutMs} ms`);
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(last), { once: true });
  });
  over.catch(() => undefined);
  let pauseMs = pauseMsMin;
  while (!signal.aborted) {
    try {
      const checking = check(signal);
      if (checking instanceof Promise) pauseMs = Math.min(pauseMs * 1.25, pauseMsMax);
      return await Promise.race([checking, over]);
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  throw last;
}
