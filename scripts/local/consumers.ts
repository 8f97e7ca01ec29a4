import type { Kept } from "./supervisor";

const againMs = 1000;
/** What a consumer gets to end that has nothing to do. */
const sleepGraceMs = 5000;

export type Consumers = {
  /** Resolves when they run. */
  wake(): Promise<void>;
  sleep(): Promise<void>;
  stop(graceMs: number): Promise<void>;
};

/**
 * The processes that digest, which run only while there is something to digest. What is asked is done one after the
 * other: whoever wakes them while they end waits for that.
 */
export function openConsumers(
  start: () => Promise<Kept[]>,
  log: (line: string) => void,
): Consumers {
  let running: Kept[] = [];
  let isStopping = false;
  let last = Promise.resolve();
  const afterwards = (work: () => Promise<void>) => {
    last = last.then(work);
    return last;
  };
  const end = async (graceMs: number) => {
    const ending = running;
    running = [];
    await Promise.all(ending.map((consumer) => consumer.stop(graceMs)));
  };
  return {
    wake: () =>
      afterwards(async () => {
        while (running.length === 0 && !isStopping) {
          try {
            running = await start();
          } catch (error) {
            log(`The consumers do not start: ${(error as Error).message}`);
            await new Promise((resolve) => setTimeout(resolve, againMs));
          }
        }
      }),
    sleep: () => afterwards(() => end(sleepGraceMs)),
    stop: (graceMs) => {
      isStopping = true;
      return afterwards(() => end(graceMs));
    },
  };
}
