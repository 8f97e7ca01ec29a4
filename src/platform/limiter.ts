import type { Deps, WaitUntil } from "../deps";
import { hourMs } from "../protocol/durations";
import {
  type CountLimit,
  hear,
  hearNothing,
  isRunningOut,
  isStale,
  judge,
  openTally,
  secondsLeft,
  type Tally,
  takeUntold,
  untell,
  type Verdict,
  windowOf,
} from "./allowance";
import { reasonOf } from "./logger";
import { boundedMemory } from "./memory";
import { impatiently, wasNotAsked } from "./redis";

/** A quantity that is to be spent of a limit. */
export type Spending = { limit: CountLimit; quantity: number };
/** `place`: which of the limits of a group refuses. */
export type Refusal = { place: number; retryAfterSeconds: number };

export type Limiter = {
  /**
   * Spends each group from all of its limits, or from none. For each group the limits that refuse; none when it
   * passes. Most is decided from memory; what cannot be is asked for in one call. Without Redis an isolate alone
   * passes as much as the limit says.
   */
  spend(deps: Deps, waitUntil: WaitUntil, groups: Spending[][]): Promise<Refusal[][]>;
  /** Spends one of a single limit. Seconds to wait when it refuses; undefined when it passes. */
  secondsToWait(deps: Deps, waitUntil: WaitUntil, limit: CountLimit): Promise<number | undefined>;
  /** Seconds to wait when a limit is spent; undefined when it is not. Spends nothing and asks nobody. */
  peek(deps: Deps, limit: CountLimit): number | undefined;
  /** Whether this isolate keeps limits by itself just now. */
  isAlone(): boolean;
};

/** How time passes; the simulation has its own. */
export type Time = { wait(ms: number): Promise<void>; impatiently: typeof impatiently };
const realTime: Time = { wait: (ms) => scheduler.wait(ms), impatiently };

const talliesMax = 20_000;
/** What is spent is told after this long at the latest. */
const tellAfterMs = 5000;
/** Telling that has not happened by then died with its request. */
const tellingLostMs = 20_000;
const talliesPerCallMax = 500;

/** Counts of one isolate: what it spends is added up and told to Redis, which answers what all have spent. */
export function makeLimiter(time: Time = realTime): Limiter {
  const tallies = boundedMemory<string, Tally>(talliesMax);
  const untoldTallies = new Set<Tally>();
  let tellPlannedAt = 0;
  const alone = { isLocal: false, passed: 0 };

  const tallyOf = (limit: CountLimit, nowMs: number): Tally => {
    const name = `${limit.key}:${limit.windowSeconds}`;
    const known = tallies.get(name);
    if (known?.window === windowOf(limit, nowMs)) {
      known.limit = limit;
      return known;
    }
    const fresh = openTally(limit, nowMs, known);
    tallies.set(name, fresh);
    return fresh;
  };

  /** Tells Redis of some tallies in one call and hears what all have spent. Undefined: it could not be asked. */
  async function tell(deps: Deps, told: Told[]): Promise<number[] | undefined> {
    const pipeline = deps.redis.pipeline();
    const places: number[] = [];
    let length = 0;
    for (const { tally, quantity } of told) {
      untoldTallies.delete(tally);
      const { key, windowSeconds } = tally.limit;
      const name = `limit:${key}:${windowSeconds}:${tally.window}`;
      places.push(length++);
      pipeline.incrby(name, quantity);
      if (!tally.expires) {
        length++;
        pipeline.pexpire(name, windowSeconds * 2000);
      }
    }
    const nowMs = +deps.now();
    const { passed } = alone;
    alone.passed = 0;
    if (passed > 0) {
      pipeline.incrby(passedAloneKey(nowMs), passed);
      pipeline.pexpire(passedAloneKey(nowMs), 2 * hourMs);
    }
    try {
      const answers = await pipeline.exec<unknown[]>();
      const totals = places.map((place) => Number(answers[place]));
      if (alone.isLocal) {
        deps.log("info", "Redis is back; limits are shared again", { passedAlone: passed });
      }
      alone.isLocal = false;
      const heardAt = +deps.now();
      for (const [index, { tally, quantity }] of told.entries()) {
        tally.expires = true;
        hear(tally, quantity, totals[index] ?? 0, heardAt);
      }
      return totals;
    } catch (error) {
      for (const { tally, quantity } of told) {
        if (wasNotAsked(error)) untell(tally, quantity);
        else hearNothing(tally, quantity);
      }
      if (!alone.isLocal) {
        deps.log("warn", "Redis cannot be asked; rate limits are kept per isolate", {
          reason: reasonOf(error),
        });
      }
      alone.isLocal = true;
      alone.passed += passed;
      return undefined;
    }
  }

  async function tellAll(deps: Deps): Promise<void> {
    tellPlannedAt = 0;
    const nowMs = +deps.now();
    const due = [...untoldTallies].slice(0, talliesPerCallMax);
    for (const tally of due) untoldTallies.delete(tally);
    const current = due.filter(({ limit, window }) => window === windowOf(limit, nowMs));
    const told = current.map((tally) => ({ tally, quantity: takeUntold(tally) }));
    if (told.length > 0) await tell(deps, told);
  }

  /** Others hear of it in the background: at once when little may be spent unseen any more, else with the rest. */
  function plan(deps: Deps, waitUntil: WaitUntil, tally: Tally, nowMs: number): void {
    if (tally.untold > 0 && tally.underWay === 0 && isRunningOut(tally, nowMs)) {
      waitUntil(tell(deps, [{ tally, quantity: takeUntold(tally) }]));
      return;
    }
    if (tally.limit.freeShare && tally.total === undefined) return;
    untoldTallies.add(tally);
    if (tellPlannedAt !== 0 && nowMs - tellPlannedAt < tellingLostMs) return;
    tellPlannedAt = nowMs;
    waitUntil(time.wait(tellAfterMs).then(() => tellAll(deps)));
  }

  async function spend(
    deps: Deps,
    waitUntil: WaitUntil,
    groups: Spending[][],
  ): Promise<Refusal[][]> {
    const nowMs = +deps.now();
    const judged = groups.map((group) => {
      const parts: Part[] = group.map(({ limit, quantity }) => {
        const tally = tallyOf(limit, nowMs);
        return { tally, quantity, verdict: judge(tally, quantity, nowMs) };
      });
      const isOpen = !parts.some(isRefusing);
      // Taken at once, so that requests which come meanwhile do not spend the same.
      if (isOpen) for (const { tally, quantity } of parts) tally.untold += quantity;
      return { parts, isOpen };
    });
    const asked = judged.flatMap(({ parts, isOpen }) =>
      isOpen ? parts.filter(({ verdict }) => verdict === "ask") : [],
    );
    if (asked.length > 0) await ask(deps, waitUntil, asked);
    return judged.map(({ parts, isOpen }) => {
      const refusing = parts.filter(isRefusing);
      for (const { tally, quantity, verdict } of parts) {
        if (!isOpen) {
          if (verdict === "refuse") recheck(deps, waitUntil, tally, nowMs);
          continue;
        }
        if (refusing.length > 0) tally.untold -= quantity;
        if (tally.untold !== 0) plan(deps, waitUntil, tally, nowMs);
      }
      return parts.flatMap((part, place) =>
        isRefusing(part)
          ? [{ place, retryAfterSeconds: secondsLeft(part.tally.limit, nowMs) }]
          : [],
      );
    });
  }

  /** What nobody knows without Redis is asked for; if it does not answer, what is known here decides. */
  async function ask(deps: Deps, waitUntil: WaitUntil, asked: Part[]): Promise<void> {
    const told = asked.map(({ tally }) => ({ tally, quantity: takeUntold(tally) }));
    const totals = await time.impatiently(waitUntil, tell(deps, told));
    for (const [index, part] of asked.entries()) {
      const { limit, total = 0, untold, underWay } = part.tally;
      const spent = totals?.[index] ?? total + untold + underWay;
      part.verdict = spent > limit.count ? "refuse" : "pass";
      if (!totals && part.verdict === "pass") alone.passed++;
    }
  }

  /** A refusal is answered from memory, and now and then it is looked whether that still holds. */
  function recheck(deps: Deps, waitUntil: WaitUntil, tally: Tally, nowMs: number): void {
    if (tally.total === undefined || !isStale(tally, nowMs)) return;
    // Whoever comes until the answer is here need not ask as well.
    tally.heardAt = nowMs;
    waitUntil(tell(deps, [{ tally, quantity: takeUntold(tally) }]));
  }

  return {
    spend,
    secondsToWait: async (deps, waitUntil, limit) => {
      const [refusals] = await spend(deps, waitUntil, [[{ limit, quantity: 1 }]]);
      return refusals?.[0]?.retryAfterSeconds;
    },
    peek: (deps, limit) => {
      const nowMs = +deps.now();
      const verdict = judge(tallyOf(limit, nowMs), 1, nowMs);
      return verdict === "refuse" ? secondsLeft(limit, nowMs) : undefined;
    },
    isAlone: () => alone.isLocal,
  };
}

type Told = { tally: Tally; quantity: number };
type Part = Told & { verdict: Verdict };

const isRefusing = ({ verdict }: Part) => verdict === "refuse";

/** Where isolates note what passed while they could not ask. */
const passedAloneKey = (nowMs: number) => `limits-alone:${Math.floor(nowMs / hourMs)}`;

/** What passed this hour while isolates could not ask; undefined when Redis cannot be asked. */
export async function readPassedAlone(deps: Deps): Promise<number | undefined> {
  try {
    return Number((await deps.redis.get<string>(passedAloneKey(+deps.now()))) ?? 0);
  } catch {
    return undefined;
  }
}

/** The limits of this isolate. */
export const limiter = makeLimiter();
