import type { Deps } from "../deps";
import { hourMs } from "../protocol/durations";
import {
  type CountLimit,
  isRunningOut,
  isStale,
  judge,
  openTally,
  recordSilence,
  recordTotal,
  secondsLeft,
  type Tally,
  takeBack,
  takeUnreported,
  type Verdict,
  windowOf,
} from "./allowance";
import { reasonOf } from "./logger";
import { boundedMemory } from "./memory";
import { impatiently, wasNotAsked } from "./redis";
import type { WaitUntil } from "./wait-until";

/** A quantity that is to be spent of a limit. */
export type Spending = { limit: CountLimit; quantity: number };
/** `index`: which of the limits of a group refuses. */
export type Refusal = { index: number; retryAfterSeconds: number };

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
/** What is spent is reported after this long at the latest. */
const reportAfterMs = 5000;
/** Telling that has not happened by then died with its request. */
const reportLostMs = 20_000;
const talliesPerCallMax = 500;

/** Counts of one isolate: what it spends is added up and reported to Redis, which answers with what all have spent. */
export function makeLimiter(time: Time = realTime): Limiter {
  const tallies = boundedMemory<string, Tally>(talliesMax);
  const unreportedTallies = new Set<Tally>();
  let reportPlannedAt = 0;
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

  /** Reports some tallies to Redis in one call; the answer is what all have spent. Undefined: it could not be asked. */
  async function report(deps: Deps, reported: Reported[]): Promise<number[] | undefined> {
    const pipeline = deps.redis.pipeline();
    const indexes: number[] = [];
    let length = 0;
    for (const { tally, quantity } of reported) {
      unreportedTallies.delete(tally);
      const { key, windowSeconds } = tally.limit;
      const name = `limit:${key}:${windowSeconds}:${tally.window}`;
      indexes.push(length++);
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
      const totals = indexes.map((index) => Number(answers[index]));
      if (alone.isLocal) {
        deps.log("info", "Redis is back; limits are shared again", { passedAlone: passed });
      }
      alone.isLocal = false;
      const answeredAt = +deps.now();
      for (const [index, { tally, quantity }] of reported.entries()) {
        tally.expires = true;
        recordTotal(tally, quantity, totals[index] ?? 0, answeredAt);
      }
      return totals;
    } catch (error) {
      for (const { tally, quantity } of reported) {
        if (wasNotAsked(error)) takeBack(tally, quantity);
        else recordSilence(tally, quantity);
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

  async function reportAll(deps: Deps): Promise<void> {
    reportPlannedAt = 0;
    const nowMs = +deps.now();
    const due = [...unreportedTallies].slice(0, talliesPerCallMax);
    for (const tally of due) unreportedTallies.delete(tally);
    const current = due.filter(({ limit, window }) => window === windowOf(limit, nowMs));
    const reported = current.map((tally) => ({ tally, quantity: takeUnreported(tally) }));
    if (reported.length > 0) await report(deps, reported);
  }

  /** It is reported in the background: at once when little more may be spent unseen, else with the rest. */
  function plan(deps: Deps, waitUntil: WaitUntil, tally: Tally, nowMs: number): void {
    if (tally.unreported > 0 && tally.underWay === 0 && isRunningOut(tally, nowMs)) {
      waitUntil(report(deps, [{ tally, quantity: takeUnreported(tally) }]));
      return;
    }
    if (tally.limit.freeShare && tally.total === undefined) return;
    unreportedTallies.add(tally);
    if (reportPlannedAt !== 0 && nowMs - reportPlannedAt < reportLostMs) return;
    reportPlannedAt = nowMs;
    waitUntil(time.wait(reportAfterMs).then(() => reportAll(deps)));
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
      if (isOpen) for (const { tally, quantity } of parts) tally.unreported += quantity;
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
        if (refusing.length > 0) tally.unreported -= quantity;
        if (tally.unreported !== 0) plan(deps, waitUntil, tally, nowMs);
      }
      return parts.flatMap((part, index) =>
        isRefusing(part)
          ? [{ index, retryAfterSeconds: secondsLeft(part.tally.limit, nowMs) }]
          : [],
      );
    });
  }

  /** What nobody knows without Redis is asked for; if it does not answer, what is known here decides. */
  async function ask(deps: Deps, waitUntil: WaitUntil, asked: Part[]): Promise<void> {
    const reported = asked.map(({ tally }) => ({ tally, quantity: takeUnreported(tally) }));
    const totals = await time.impatiently(waitUntil, report(deps, reported));
    for (const [index, part] of asked.entries()) {
      const { limit, total = 0, unreported, underWay } = part.tally;
      const spent = totals?.[index] ?? total + unreported + underWay;
      part.verdict = spent > limit.count ? "refuse" : "pass";
      if (!totals && part.verdict === "pass") alone.passed++;
    }
  }

  /** A refusal is answered from memory, and now and then it is looked whether that still holds. */
  function recheck(deps: Deps, waitUntil: WaitUntil, tally: Tally, nowMs: number): void {
    if (tally.total === undefined || !isStale(tally, nowMs)) return;
    // Whoever comes until the answer is here need not ask as well.
    tally.answeredAt = nowMs;
    waitUntil(report(deps, [{ tally, quantity: takeUnreported(tally) }]));
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

type Reported = { tally: Tally; quantity: number };
type Part = Reported & { verdict: Verdict };

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
