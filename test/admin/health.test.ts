import { describe, expect, test } from "vitest";
import { healthReader, lookAtHealth } from "../../src/admin/health";
import type { Deps, QueueBacklog } from "../../src/deps";
import type { Disk } from "../../src/platform/local-status";

/** An installation whose parts behave as asked; `asked` counts looks at the database. */
function installation(
  parts: {
    database?: () => Promise<unknown>;
    backlog?: QueueBacklog[];
    disk?: Disk;
    ageMax?: number;
  } = {},
) {
  const clock = { now: 1_000_000 };
  const state = { asked: 0, said: [] as unknown[] };
  const deps = {
    now: () => new Date(clock.now),
    log: (_: string, what: string, facts: { part: string }) => state.said.push([what, facts.part]),
    config: { doorDeadlineMs: 20, healthQueueAgeSeconds: parts.ageMax ?? 300 },
    db: {
      execute: () => {
        state.asked++;
        return parts.database?.() ?? Promise.resolve({ rows: [] });
      },
    },
    redis: { ping: () => Promise.resolve("PONG") },
    blobs: { get: () => Promise.resolve(undefined) },
    backlog: () => Promise.resolve(parts.backlog ?? []),
    disk: () => Promise.resolve(parts.disk),
  } as unknown as Deps;
  return { deps, clock, state };
}

const waiting = (seconds: number): QueueBacklog[] => [
  { queue: "outcomes", messages: 0, oldestAt: undefined },
  { queue: "envelopes", messages: 3, oldestAt: new Date(1_000_000 - seconds * 1000) },
];
const room = (refuses: boolean): Disk => ({ freeBytes: 5, totalBytes: 10, refuses });

describe("health", () => {
  test("leaves out what the platform does not tell of", async () => {
    const { deps } = installation();
    expect(await lookAtHealth(deps)).toEqual({
      status: "ok",
      checks: {
        database: { status: "ok", ms: 0 },
        redis: { status: "ok", ms: 0 },
        bucket: { status: "ok", ms: 0 },
      },
    });
  });

  test.each([
    ["a message that waits as long as it may", { backlog: waiting(300) }, "ok", "queues", 300],
    ["one that waits longer", { backlog: waiting(301) }, "failing", "queues", 301],
    ["any age where no limit is set", { backlog: waiting(9999), ageMax: 0 }, "ok", "queues", 9999],
    ["one of a clock that is ahead", { backlog: waiting(-50) }, "ok", "queues", 0],
    ["a disk with room", { disk: room(false) }, "ok", "disk", undefined],
    ["a disk that takes no more", { disk: room(true) }, "failing", "disk", undefined],
  ] as const)("%s", async (_, parts, status, part, oldestSeconds) => {
    const health = await lookAtHealth(installation(parts as object).deps);
    expect([health.status, health.checks[part]]).toEqual([
      status,
      { status, ms: 0, ...(oldestSeconds !== undefined && { oldestSeconds }) },
    ]);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("secret@host refused"))],
    ["hangs", () => new Promise(() => undefined)],
  ])("a database that %s is named, without the words of its failure", async (_, database) => {
    const { deps, state } = installation({ database });
    const health = await lookAtHealth(deps);
    expect([health.status, health.checks.database]).toEqual([
      "failing",
      { status: "failing", ms: 0 },
    ]);
    expect(JSON.stringify(health)).not.toContain("secret");
    expect(state.said).toEqual([["a part is failing", "database"]]);
  });
});

describe("strangers who ask for health", () => {
  test("cost one look in five seconds", async () => {
    const { deps, clock, state } = installation();
    const read = healthReader();
    for (let asked = 0; asked < 100; asked++) await read(deps);
    clock.now += 4999;
    await read(deps);
    expect(state.asked).toBe(1);
    clock.now += 1;
    await read(deps);
    expect(state.asked).toBe(2);
  });

  test("cost three looks at once while the database hangs, and get what was found before", async () => {
    const database = () => new Promise(() => undefined);
    const { deps, clock, state } = installation({ database });
    const read = healthReader();
    const askMany = () => Promise.allSettled(Array.from({ length: 50 }, () => read(deps)));
    const first = await askMany();
    expect(state.asked).toBe(3);
    const refused = first.filter(({ status }) => status === "rejected");
    expect(refused.length).toBe(47);
    expect(refused[0]).toMatchObject({ reason: { kind: "unavailable" } });
    clock.now += 5000;
    const second = await askMany();
    expect(second.map(({ status }) => status)).toEqual(Array(50).fill("fulfilled"));
    expect(state.asked).toBe(6);
  });

  test("do not keep others from asking by going away while it is looked", async () => {
    let isAway = true;
    const gone = new Promise(() => undefined);
    const { deps, clock, state } = installation();
    const leaving = { ...deps, backlog: () => (isAway ? gone : Promise.resolve([])) } as Deps;
    // What a request began is never finished once it is gone; neither is its deadline.
    leaving.config = { ...deps.config, doorDeadlineMs: 2 ** 30 };
    const read = healthReader();
    for (let asked = 0; asked < 3; asked++) void read(leaving);
    isAway = false;
    await expect(read(deps)).rejects.toThrow("Ask again");
    clock.now += 30_000;
    expect((await read(deps)).status).toBe("ok");
    expect(state.asked).toBe(4);
  });
});
