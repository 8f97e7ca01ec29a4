import type { Deps } from "../src/deps";
import { reaching } from "../src/platform/deadline";
import { bindingOf, type QueueBindings } from "./publish";

/**
 * What waits on each queue, as the platform counts it; nothing where it does not count. Not waited for longer than the
 * deadline. Faults: unavailable.
 */
export function backlogReader(bindings: QueueBindings, deadlineMs: number): Deps["backlog"] {
  const queues = Object.entries(bindingOf);
  return () =>
    reaching(deadlineMs, "The queue", async () => {
      const counted = queues.filter(([, name]) => typeof bindings[name].metrics === "function");
      return Promise.all(
        counted.map(async ([queue, name]) => {
          const { backlogCount, oldestMessageTimestamp } = await bindings[name].metrics();
          return { queue, messages: backlogCount, oldestAt: momentOf(oldestMessageTimestamp) };
        }),
      );
    });
}

/** Of an empty queue the platform may say nothing, or the beginning of time. */
const momentOf = (oldest: Date | undefined) => (oldest && +oldest > 0 ? oldest : undefined);
