import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";
import { isLimitable, limitGroup } from "../protocol/categories";
import type { ActiveLimit } from "../protocol/rate-limits";
import type { Limit } from "./schemas";

/** Share of a limit that an isolate takes at once: few calls for large limits, exact counting for small ones. */
const leaseShare = 0.01;
const leaseMax = 1000;
/** After Redis failed, this long nobody asks it again. */
const pauseMs = 5000;
const countersMax = 20_000;

type Counter = {
  window: number;
  /** Leased from Redis in this window and not yet spent. */
  left: number;
  /** Spent without Redis in this window. */
  local: number;
  exhausted: boolean;
};
const counters = new Map<string, Counter>();
const outage = { until: 0, passed: 0 };

/** Number of things per limit group that a request wants to bring. */
export type Wanted = Map<string, number>;

/** Groups (`error`, `transaction`, …) with the number of things in each; what is never limited is left out. */
export function wantedOf(items: { category: string; quantity: number }[]): Wanted {
  const wanted: Wanted = new Map();
  for (const { category, quantity } of items) {
    if (!isLimitable(category)) continue;
    const group = limitGroup(category);
    wanted.set(group, (wanted.get(group) ?? 0) + quantity);
  }
  return wanted;
}

/**
 * Which of the wanted groups are over a limit right now. A limit known to be exhausted is answered from memory;
 * otherwise missing leases are taken with one pipelined call. Without Redis each isolate allows the whole limit.
 */
export async function exceededLimits(
  deps: Deps,
  limits: Limit[],
  wanted: Wanted,
): Promise<ActiveLimit[]> {
  const nowMs = +deps.now();
  const concerned = limits.flatMap((limit) => {
    const group = limitGroup(limit.category);
    const quantity = wanted.get(group) ?? 0;
    return quantity > 0
      ? [{ limit, group, quantity, counter: counterOf(limit, group, nowMs) }]
      : [];
  });
  if (concerned.length === 0) return [];

  const exceeded = new Map<string, ActiveLimit>();
  const refuse = ({ limit, group }: (typeof concerned)[number]) => {
    const retryAfterSeconds = secondsLeft(limit, nowMs);
    const known = exceeded.get(group);
    if (known && known.retryAfterSeconds >= retryAfterSeconds) return;
    exceeded.set(group, {
      category: group,
      scope: limit.scope,
      reason: "quota_exceeded",
      retryAfterSeconds,
    });
  };
  for (const each of concerned) {
    if (each.counter.exhausted || each.limit.count === 0) refuse(each);
  }
  const open = concerned.filter(({ group }) => !exceeded.has(group));
  const short = open.filter(({ counter, quantity }) => counter.left < quantity);
  if (short.length > 0) await lease(deps, short, nowMs);
  for (const each of open) {
    if (each.counter.left < each.quantity) refuse(each);
  }
  // Only what passes every limit of its group is spent.
  for (const { counter, group, quantity } of open) {
    if (!exceeded.has(group)) counter.left -= quantity;
  }
  return [...exceeded.values()];
}

async function lease(
  deps: Deps,
  short: { limit: Limit; group: string; quantity: number; counter: Counter }[],
  nowMs: number,
): Promise<void> {
  if (outage.until > nowMs) return leaseLocally(short);
  const pipeline = deps.redis.pipeline();
  const sizes = short.map(({ limit, quantity, counter }) => {
    const share = Math.min(leaseMax, Math.ceil(limit.count * leaseShare));
    return Math.max(share, quantity - counter.left);
  });
  for (const [index, { limit, group }] of short.entries()) {
    const key = `quota:${limit.scope}:${limit.scopeId}:${group}:${limit.windowSeconds}:${windowOf(limit, nowMs)}`;
    pipeline.incrby(key, sizes[index] ?? 1);
    pipeline.pexpire(key, limit.windowSeconds * 2000);
  }
  try {
    const totals = await pipeline.exec<number[]>();
    if (outage.passed > 0) {
      deps.log("info", "Redis is back; rate limits are exact again", {
        passedWithout: outage.passed,
      });
    }
    outage.passed = 0;
    for (const [index, { limit, counter }] of short.entries()) {
      const size = sizes[index] ?? 1;
      const before = Number(totals[index * 2]) - size;
      const granted = Math.max(0, Math.min(size, limit.count - before));
      counter.left += granted;
      if (granted < size) counter.exhausted = counter.left === 0;
    }
  } catch (error) {
    if (outage.passed === 0) {
      deps.log("warn", "Redis cannot be asked; rate limits are kept per isolate", {
        reason: reasonOf(error),
      });
    }
    outage.until = nowMs + pauseMs;
    leaseLocally(short);
  }
}

/** Fail open, but not without bounds: an isolate alone may pass as much as the limit says. */
function leaseLocally(short: { limit: Limit; quantity: number; counter: Counter }[]): void {
  for (const { limit, quantity, counter } of short) {
    const missing = quantity - counter.left;
    const granted = Math.max(0, Math.min(missing, limit.count - counter.local));
    counter.local += granted;
    counter.left += granted;
    outage.passed += granted;
  }
}

function counterOf(limit: Limit, group: string, nowMs: number): Counter {
  const key = `${limit.scope}:${limit.scopeId}:${group}:${limit.windowSeconds}`;
  const window = windowOf(limit, nowMs);
  const known = counters.get(key);
  if (known?.window === window) return known;
  if (counters.size >= countersMax) counters.clear();
  const fresh = { window, left: 0, local: 0, exhausted: false };
  counters.set(key, fresh);
  return fresh;
}

const windowOf = (limit: Limit, nowMs: number) => Math.floor(nowMs / (limit.windowSeconds * 1000));

const secondsLeft = (limit: Limit, nowMs: number) =>
  Math.max(1, Math.ceil(limit.windowSeconds - ((nowMs / 1000) % limit.windowSeconds)));
