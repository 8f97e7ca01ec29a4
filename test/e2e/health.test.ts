import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type BucketMood, behindBucketDoor } from "../bucket-door";
import { startHangingProxy } from "../hanging-proxy";
import { eventually, type Stack, startStack } from "../harness";

const metricsToken = "metrics-token-of-the-operator";
const bridge: { redis?: string } = {};
const bucket: { mood: BucketMood } = { mood: "fine" };
const disk = { freeBytes: 2_000_000_000, totalBytes: 8_000_000_000, refuses: false };
let database: Awaited<ReturnType<typeof startHangingProxy>>;
let redis: typeof database;
let stack: Stack;

/** The machine that the local runtime tells of. */
const machine = { LOCAL_STATUS: () => Response.json({ disk, queues: [] }) as never };

beforeAll(async () => {
  database = await startHangingProxy(() => inject("neonUrl"));
  redis = await startHangingProxy(() => bridge.redis ?? "");
  stack = await startStack({
    bindings: {
      INGEST_DEADLINE_MS: "1000",
      METRICS_TOKEN: metricsToken,
      NEON_HTTP_ENDPOINT: `${database.url}/sql`,
      UPSTASH_REDIS_REST_URL: redis.url,
    },
    adjust: ({ serviceBindings, ...options }) =>
      behindBucketDoor(() => bucket.mood)({
        ...options,
        serviceBindings: { ...serviceBindings, ...machine },
      }),
  });
  bridge.redis = stack.redisUrl;
});
afterAll(async () => {
  await stack?.dispose();
  await Promise.all([database?.close(), redis?.close()]);
});

type Answer = { status: string; checks: Record<string, { status: string }> };

/** Waits until exactly these parts are said to fail. */
const untilFailing = (...parts: string[]) =>
  eventually(async () => {
    const answer = await fetch(`${stack.url}/_health/ready`);
    const { status, checks } = (await answer.json()) as Answer;
    const failing = Object.keys(checks).filter((part) => checks[part]?.status === "failing");
    expect([answer.status, status, failing]).toEqual(
      parts.length > 0 ? [503, "failing", parts] : [200, "ok", []],
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
    return checks;
  });

test("readiness names the parts that hang, liveness answers all the same", async () => {
  const checks = await untilFailing();
  expect(checks).toEqual({
    database: { status: "ok", ms: expect.any(Number) },
    redis: { status: "ok", ms: expect.any(Number) },
    bucket: { status: "ok", ms: expect.any(Number) },
    queues: { status: "ok", ms: expect.any(Number), oldestSeconds: 0 },
    disk: { status: "ok", ms: expect.any(Number) },
  });

  database.mood = "swallow";
  disk.refuses = true;
  await untilFailing("database", "disk");
  expect(await (await fetch(`${stack.url}/_health/`)).text()).toBe("ok");
  const inSentrysShape = await fetch(`${stack.url}/api/0/internal/health/`);
  expect(await inSentrysShape.json()).toEqual({
    healthy: {},
    problems: ["database is failing", "disk is failing"],
  });

  database.mood = "fine";
  disk.refuses = false;
  redis.mood = "drip";
  bucket.mood = "swallow";
  await untilFailing("redis", "bucket");

  redis.mood = "fine";
  bucket.mood = "fine";
  await untilFailing();
});

test("many who ask at once do not reach the database", async () => {
  await untilFailing();
  database.asked = 0;
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => fetch(`${stack.url}/_health/ready/`)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  // It may be time for a new look meanwhile, which at most three take.
  expect(database.asked).toBeLessThanOrEqual(3);
});

const readMetrics = async () => {
  const answer = await fetch(`${stack.url}/metrics`, {
    headers: { authorization: `Bearer ${metricsToken}` },
  });
  return [answer.status, await answer.text()] as const;
};

test("the same numbers are metrics", async () => {
  const [, text] = await readMetrics();
  expect(text).toMatch(/^brinkwatch_part_works\{part="disk"\} 1$/m);
  expect(text).toMatch(/^brinkwatch_queue_backlog\{queue="envelopes"\} 0$/m);
  expect(text).toMatch(/^brinkwatch_queue_oldest_seconds\{queue="issue-changes"\} 0$/m);
  expect(text).toMatch(/^brinkwatch_disk_free_bytes 2000000000$/m);
  expect(text).toMatch(/^brinkwatch_disk_bytes 8000000000$/m);
});

test("metrics leave out what a database that hangs would tell, and tell the rest", async () => {
  database.mood = "swallow";
  try {
    await untilFailing("database");
    const [status, text] = await readMetrics();
    expect(status).toBe(200);
    expect(text).toMatch(/^brinkwatch_part_works\{part="database"\} 0$/m);
    expect(text).toMatch(/^brinkwatch_queue_backlog\{queue="envelopes"\} 0$/m);
    expect(text).not.toContain("brinkwatch_organizations");
  } finally {
    database.mood = "fine";
  }
});
