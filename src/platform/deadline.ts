import { Fault } from "../fault";

/** What a call to the outside is made for: each kind of work can wait for another time. */
export type Work = "ingest" | "api" | "background";

/**
 * Waits for a call to the outside no longer than its deadline. The signal ends a call that can be ended; of another
 * one the answer is not waited for any longer. Faults: unavailable.
 */
export async function within<T>(
  deadlineMs: number,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const fault = new Fault("unavailable", `${what} did not answer in time.`);
      controller.abort(fault);
      reject(fault);
    }, deadlineMs);
  });
  try {
    return await Promise.race([call(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for what fails in ways of its own. Faults: unavailable, whatever is thrown. */
export async function reaching<T>(
  deadlineMs: number,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await within(deadlineMs, what, call);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("unavailable", `${what} is not available right now.`, { cause: error });
  }
}

/** The same for an answer that one can do without: undefined when it takes longer, or fails. */
export async function unlessLate<T>(patienceMs: number, call: Promise<T>): Promise<T | undefined> {
  try {
    return await within(patienceMs, "It", () => call);
  } catch {
    return undefined;
  }
}
