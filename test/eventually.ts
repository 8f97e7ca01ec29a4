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
  while (!signal.aborted) {
    try {
      return await Promise.race([Promise.resolve(signal).then(check), over]);
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw last;
}
