import { describe, expect, test } from "vitest";
import type { Deps } from "../../src/deps";
import type { CountLimit } from "../../src/platform/allowance";
import { makeLimiter } from "../../src/platform/limiter";

/**
 * Hundreds of isolates and a distant Redis on a clock of their own: what happens is the same each time, and nothing
 * waits.
 */
function makeWorld(latencyMs: number) {
  type Task = { at: number; order: number; run: () => unknown };
  const tasks: Task[] = [];
  const world = { nowMs: 1_700_002_800_000, calls: 0, isLost: (_call: number) => false };
  let order = 0;
  const isBefore = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (task: Task) => {
    let at = tasks.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(task, tasks[parent] as Task)) break;
      tasks[at] = tasks[parent] as Task;
      at = parent;
    }
    tasks[at] = task;
  };
  const pop = (): Task | undefined => {
    const first = tasks[0];
    const last = tasks.pop();
    if (!first || !last || tasks.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= tasks.length) break;
      if (child + 1 < tasks.length && isBefore(tasks[child + 1] as Task, tasks[child] as Task))
        child++;
      if (!isBefore(tasks[child] as Task, last)) break;
      tasks[at] = tasks[child] as Task;
      at = child;
    }
    tasks[at] = last;
    return first;
  };
  const at = (moment: number, run: () => unknown) => push({ at: moment, order: order++, run });
  const wait = (ms: number) => new Promise<void>((resolve) => at(world.nowMs + ms, resolve));

  const counts = new Map<string, number>();
  const pipeline = () => {
    const commands: (() => number)[] = [];
    return {
      incrby: (key: string, by: number) =>
        commands.push(() => {
          counts.set(key, (counts.get(key) ?? 0) + by);
          return counts.get(key) ?? 0;
        }),
      pexpire: () => commands.push(() => 1),
      exec: async () => {
        const call = world.calls++;
        await wait(latencyMs / 2);
        const answers = commands.map((run) => run());
        await wait(latencyMs / 2);
        if (world.isLost(call)) throw new Error("the answer was lost");
        return answers;
      },
    };
  };
  const deps = {
    redis: { pipeline },
    now: () => new Date(world.nowMs),
    log: () => undefined,
  } as unknown as Deps;
  const newLimiter = () =>
    makeLimiter({
      wait,
      impatiently: (_, command) => command.catch(() => undefined),
    });
  /** Runs until nothing is left to happen. */
  const run = async () => {
    for (let task = pop(); task; task = pop()) {
      world.nowMs = task.at;
      void task.run();
      // Whatever was waiting for this goes on before the next thing happens.
      for (let turn = 0; turn < 12; turn++) await Promise.resolve();
    }
  };
  return { world, deps, counts, newLimiter, at, run };
}

/** Numbers from 0 to 1 that only look like chance. */
function sequence(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const isolates = 200;

/** Which isolate gets a request, and when within the window (0 to 1). */
const patterns: Record<
  string,
  (random: () => number, index: number, of: number) => [number, number]
> = {
  "evenly spread": (random) => [Math.floor(random() * isolates), random()],
  "all within a hundredth of the window": (random) => [
    Math.floor(random() * isolates),
    random() / 100,
  ],
  "a few isolates do most of it": (random) => [Math.floor(isolates * random() ** 4), random()],
  "one isolate after the other": (random, index, of) => {
    const moment = (index + random()) / of;
    return [Math.floor(moment * isolates), moment];
  },
};

type Run = { limit: CountLimit; latencyMs: number; pattern: string; spentBefore?: number };

/** Sends more than the limit within one window, and counts what is let through. */
async function simulate({ limit, latencyMs, pattern, spentBefore = 0 }: Run) {
  const { world, deps, counts, newLimiter, at, run } = makeWorld(latencyMs);
  const limiters = Array.from({ length: isolates }, newLimiter);
  const random = sequence(limit.count + latencyMs);
  const windowMs = limit.windowSeconds * 1000;
  const window = Math.ceil(world.nowMs / windowMs);
  counts.set(`limit:${limit.key}:${limit.windowSeconds}:${window}`, spentBefore);
  const requests = Math.ceil((limit.count - spentBefore) * 1.3);
  const result = { accepted: spentBefore, refused: 0, acceptedAtFirstRefusal: limit.count };
  for (let index = 0; index < requests; index++) {
    const [isolate, moment] = patterns[pattern]?.(random, index, requests) ?? [0, 0];
    // What is begun within the window is decided within it.
    at((window + moment * 0.95) * windowMs, async () => {
      const [refusals] =
        (await limiters[isolate]?.spend(deps, () => undefined, [[{ limit, quantity: 1 }]])) ?? [];
      if (refusals?.length === 0) result.accepted++;
      else if (result.refused++ === 0) result.acceptedAtFirstRefusal = result.accepted;
    });
  }
  await run();
  return { ...result, decided: result.accepted + result.refused - spentBefore, requests };
}

const limits: [name: string, count: number, windowSeconds: number, spentBefore: number][] = [
  ["10 a minute", 10, 60, 0],
  ["100 a minute", 100, 60, 0],
  ["1000 a minute", 1000, 60, 0],
  ["10 000 an hour", 10_000, 3600, 0],
  // The first weeks of it would only take time.
  ["100 000 a month", 100_000, 30 * 86_400, 80_000],
];

describe.each(limits)("two hundred isolates and %s", (_, count, windowSeconds, spentBefore) => {
  const limit = { key: "k", count, windowSeconds };
  test.each([5, 150, 400])(
    "Redis %i ms away: never a twentieth over, nobody refused a twentieth below",
    async (latencyMs) => {
      for (const pattern of Object.keys(patterns)) {
        const result = await simulate({ limit, latencyMs, pattern, spentBefore });
        const about = `${pattern}: ${JSON.stringify(result)}`;
        expect(result.decided, about).toBe(result.requests);
        expect(result.accepted, about).toBeLessThanOrEqual(count * 1.05);
        expect(result.acceptedAtFirstRefusal, about).toBeGreaterThanOrEqual(count * 0.95);
      }
    },
  );
});

const monthly = { key: "k", count: 100_000, windowSeconds: 30 * 86_400 };

test("a hundred isolates that die after one event each have used up a hundred", async () => {
  const { deps, counts, newLimiter, at, run, world } = makeWorld(150);
  for (let index = 0; index < 100; index++) {
    at(world.nowMs + index * 60_000, () => {
      void newLimiter().spend(deps, () => undefined, [[{ limit: monthly, quantity: 1 }]]);
    });
  }
  await run();
  expect([...counts.values()]).toEqual([100]);
});

test("what was counted although its answer was lost is not counted again", async () => {
  const { deps, counts, newLimiter, at, run, world } = makeWorld(150);
  world.isLost = (call) => call % 3 === 0;
  const limiter = newLimiter();
  const passed: boolean[] = [];
  for (let index = 0; index < 300; index++) {
    at(world.nowMs + index * 500, async () => {
      const seconds = await limiter.secondsToWait(deps, () => undefined, monthly);
      passed.push(seconds === undefined);
    });
  }
  await run();
  expect(passed).toEqual(Array(300).fill(true));
  const [total] = [...counts].flatMap(([key, count]) => (key.startsWith("limit:") ? [count] : []));
  expect(total).toBe(300);
});

test("a refusal costs one call at most, however many follow", async () => {
  const { deps, newLimiter, at, run, world } = makeWorld(150);
  const limiter = newLimiter();
  const limit = { key: "k", count: 3, windowSeconds: 3600 };
  const seconds: (number | undefined)[] = [];
  for (let index = 0; index < 1000; index++) {
    at(world.nowMs + 1000 + index, async () => {
      seconds.push(await limiter.secondsToWait(deps, () => undefined, limit));
    });
  }
  const callsOf = async () => {
    await run();
    return world.calls;
  };
  const calls = await callsOf();
  expect(seconds.filter((each) => each === undefined)).toHaveLength(3);
  for (let index = 0; index < 1000; index++) {
    at(world.nowMs + index, async () => {
      seconds.push(await limiter.secondsToWait(deps, () => undefined, limit));
    });
  }
  expect(await callsOf()).toBeLessThanOrEqual(calls + 1);
  expect(seconds.filter((each) => each === undefined)).toHaveLength(3);
});

test("a group passes all of its limits or is spent of none", async () => {
  const { deps, counts, newLimiter, at, run, world } = makeWorld(5);
  const limiter = newLimiter();
  const wide = { key: "wide", count: 50, windowSeconds: 3600 };
  const narrow = { key: "narrow", count: 1, windowSeconds: 3600 };
  const refused: number[][] = [];
  for (let index = 0; index < 5; index++) {
    at(world.nowMs + index * 1000, async () => {
      const [refusals] = await limiter.spend(deps, () => undefined, [
        [
          { limit: wide, quantity: 1 },
          { limit: narrow, quantity: 1 },
        ],
      ]);
      refused.push((refusals ?? []).map(({ index }) => index));
    });
  }
  await run();
  expect(refused).toEqual([[], [1], [1], [1], [1]]);
  expect([...counts.values()]).toEqual([1, 1]);
});

test("many things at once that do not fit are refused, and what fits still passes", async () => {
  const { deps, newLimiter, at, run, world } = makeWorld(5);
  const [one, other] = [newLimiter(), newLimiter()];
  const limit = { key: "k", count: 100, windowSeconds: 3600 };
  const spend = (limiter: typeof one, quantity: number) =>
    limiter.spend(deps, () => undefined, [[{ limit, quantity }]]);
  const answers: unknown[] = [];
  at(world.nowMs, async () => void answers.push((await spend(one, 60))[0]?.length));
  at(world.nowMs + 100, async () => void answers.push((await spend(one, 60))[0]?.length));
  at(world.nowMs + 10_000, async () => void answers.push((await spend(other, 40))[0]?.length));
  at(world.nowMs + 10_100, async () => void answers.push((await spend(other, 1))[0]?.length));
  await run();
  expect(answers).toEqual([0, 1, 0, 1]);
});

test("a limit against floods is nobody's business until an isolate has had its free share", async () => {
  const { deps, counts, newLimiter, at, run, world } = makeWorld(5);
  const limiter = newLimiter();
  const limit = { key: "k", count: 1000, windowSeconds: 60, freeShare: 0.02 };
  const send = async (count: number) => {
    for (let index = 0; index < count; index++) {
      at(world.nowMs, () => void limiter.secondsToWait(deps, () => undefined, limit));
    }
    await run();
  };
  await send(9);
  expect(world.calls).toBe(0);
  await send(40);
  expect([...counts.values()]).toEqual([49]);
});
