import type { Deps } from "../deps";
import { uuidv7 } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import type { WaitUntil } from "../platform/wait-until";
import type { Category } from "../protocol/categories";
import { hourOf } from "../protocol/durations";
import type { Outcome, Reason } from "../protocol/outcomes";

const flushAfterMs = 1000;
const countsPerMessageMax = 300;
/** A flush that has not happened by then died with its request. */
const flushLostMs = 10_000;
/** Counts that are kept apart while none can be sent, as they may for days: further ones are only logged. */
const pendingMax = 20_000;

const pending = new Map<string, number>();
let flushPlannedAt = 0;

/**
 * Counts what the edge refused. Adds up in the isolate and goes to the queue about once a second, so that a flood
 * of refusals costs next to nothing.
 */
export function countOutcome(
  deps: Deps,
  waitUntil: WaitUntil,
  projectId: number,
  outcome: Outcome,
  reason: Reason,
  items: { category: Category; quantity: number }[],
): void {
  const hour = hourOf(+deps.now());
  for (const { category, quantity } of items) {
    add(deps, JSON.stringify([projectId, hour, category, outcome, reason]), quantity);
  }
  sendOutcomes(deps, waitUntil);
}

function add(deps: Deps, key: string, quantity: number): void {
  const known = pending.get(key);
  if (known !== undefined || pending.size < pendingMax) {
    pending.set(key, (known ?? 0) + quantity);
    return;
  }
  deps.log("error", "an outcome is not counted: too many wait already", { key, quantity });
}

/** Sends soon what waits to be counted, also what could not be sent before. */
export function sendOutcomes(deps: Deps, waitUntil: WaitUntil): void {
  if (pending.size === 0) return;
  const nowMs = +deps.now();
  if (flushPlannedAt !== 0 && nowMs - flushPlannedAt < flushLostMs) return;
  flushPlannedAt = nowMs;
  waitUntil(scheduler.wait(flushAfterMs).then(() => flush(deps)));
}

async function flush(deps: Deps): Promise<void> {
  flushPlannedAt = 0;
  const counts = [...pending].map(([key, quantity]) => {
    const [projectId, hour, category, outcome, reason] = JSON.parse(key);
    return { projectId, hour, category, outcome, reason, quantity };
  });
  const taken = [...pending];
  pending.clear();
  const receivedAt = +deps.now();
  const messages = [];
  for (let at = 0; at < counts.length; at += countsPerMessageMax) {
    const part = counts.slice(at, at + countsPerMessageMax);
    messages.push({ v: 1 as const, id: uuidv7(receivedAt), receivedAt, counts: part });
  }
  try {
    await deps.publish("outcomes", messages);
  } catch (error) {
    deps.log("warn", "outcomes could not be sent and are kept", { reason: reasonOf(error) });
    for (const [key, quantity] of taken) add(deps, key, quantity);
  }
}
