import type { Deps } from "../deps";
import { limiter, type Spending } from "../platform/limiter";
import type { WaitUntil } from "../platform/wait-until";
import { isLimitable, limitGroup } from "../protocol/categories";
import type { ActiveLimit } from "../protocol/rate-limits";
import type { Limit } from "./schemas";

/** The limits that hold where nobody set one need not be exact, and cost nothing while there is no flood. */
const freeShareOfDefaults = 0.02;

/** What a request wants to bring of each limit group: things, and the items that hold them. */
export type Wanted = Map<string, { quantity: number; items: number }>;

/** Groups (`error`, `transaction`, …) with what is in each; what is never limited is left out. */
export function wantedOf(items: { category: string; quantity: number }[]): Wanted {
  const wanted: Wanted = new Map();
  for (const { category, quantity } of items) {
    if (!isLimitable(category)) continue;
    const group = limitGroup(category);
    const known = wanted.get(group) ?? { quantity: 0, items: 0 };
    wanted.set(group, { quantity: known.quantity + quantity, items: known.items + 1 });
  }
  return wanted;
}

/** Which of the wanted groups are over a limit right now; the others are spent of theirs. */
export async function exceededLimits(
  deps: Deps,
  waitUntil: WaitUntil,
  limits: Limit[],
  wanted: Wanted,
): Promise<ActiveLimit[]> {
  if (limits.length === 0) return [];
  const groups = [...wanted].map(([group, brought]) => {
    const concerned = limits.filter((limit) => concerns(limit, group, limits));
    return {
      group,
      concerned,
      spendings: concerned.map((limit) => spendingOf(limit, group, brought)),
    };
  });
  const refusals = await limiter.spend(
    deps,
    waitUntil,
    groups.map(({ spendings }) => spendings),
  );
  return groups.flatMap(({ group, concerned }, index) => {
    const longest = refusals[index]?.toSorted(
      (a, b) => b.retryAfterSeconds - a.retryAfterSeconds,
    )[0];
    const limit = longest && concerned[longest.index];
    if (!limit) return [];
    return [
      {
        category: group,
        scope: limit.scope,
        reason: limit.isDefault ? ("default_limit" as const) : ("quota_exceeded" as const),
        retryAfterSeconds: longest.retryAfterSeconds,
      },
    ];
  });
}

/** A default limit is for every group, as long as nobody set one of the same scope for it. */
function concerns(limit: Limit, group: string, limits: Limit[]): boolean {
  if (!limit.isDefault) return limitGroup(limit.category) === group;
  return !limits.some(
    (other) =>
      !other.isDefault && other.scope === limit.scope && limitGroup(other.category) === group,
  );
}

function spendingOf(
  { scope, scopeId, count, windowSeconds, isDefault }: Limit,
  group: string,
  { quantity, items }: { quantity: number; items: number },
): Spending {
  const key = `${isDefault ? "default:" : ""}${scope}:${scopeId}:${group}`;
  return isDefault
    ? { limit: { key, count, windowSeconds, freeShare: freeShareOfDefaults }, quantity: items }
    : { limit: { key, count, windowSeconds }, quantity };
}
