import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startUpstashBridge } from "../../scripts/local/upstash-bridge";
import type { Deps } from "../../src/deps";
import { findKey } from "../../src/ingest/key";
import { openDatabase } from "../../src/platform/database";
import { openRedis, type RedisClient } from "../../src/platform/redis";
import { editKey, findKeyOf, removeKey } from "../../src/projects/keys";
import { listProjectsInline } from "../../src/projects/list";
import { startHangingProxy } from "../hanging-proxy";
import { makeTenant, randomId, useStack } from "../harness";

/** The lookup by itself, with the real database and Redis and a clock that the test turns. */
const stack = useStack();
let redis: RedisClient;
let closeBridge: () => Promise<void>;
let nowMs = Date.now();
const deps = (endpoint = inject("neonUrl")) =>
  ({
    db: openDatabase(stack.databaseUrl, 10_000, endpoint),
    redis,
    config: { defaultKeyLimitPerMinute: 0, defaultProjectLimitPerMinute: 0 },
    log: () => undefined,
    now: () => new Date(nowMs),
  }) as unknown as Deps;

/** What is left for after the answer is done when this has answered. */
async function lookUp(given: Deps, publicKey: string) {
  const later: Promise<unknown>[] = [];
  try {
    return await findKey(given, (work) => void later.push(work), publicKey);
  } finally {
    await Promise.all(later);
  }
}

beforeAll(async () => {
  const token = randomBytes(8).toString("hex");
  const bridge = await startUpstashBridge(token, process.env.REDIS_URL);
  redis = openRedis(bridge.url, token, 10_000, () => new Date(nowMs));
  closeBridge = bridge.close;
});
afterAll(() => closeBridge());

const disable = (publicKey: string) =>
  stack.sql.query("update project_keys set is_active = false where public_key = $1", [publicKey]);

test("a disabled key is noticed when memory (20 s) and Redis (30 s) have forgotten it", async () => {
  const { publicKey, projectId } = await makeTenant(stack);
  expect(await lookUp(deps(), publicKey)).toMatchObject({ projectId, isActive: true });
  await disable(publicKey);

  nowMs += 19_000;
  expect(await lookUp(deps(), publicKey)).toMatchObject({ isActive: true });
  nowMs += 2_000;
  expect(await lookUp(deps(), publicKey)).toMatchObject({ isActive: true });
  const secondsLeft = Number(await redis.ttl(`key:${publicKey}`));
  expect(secondsLeft).toBeGreaterThan(0);
  expect(secondsLeft).toBeLessThanOrEqual(30);
  await redis.del(`key:${publicKey}`);
  nowMs += 21_000;
  expect(await lookUp(deps(), publicKey)).toMatchObject({ isActive: false });
});

test("a key that does not exist is remembered for itself, and briefly", async () => {
  const missing = randomId();
  expect(await lookUp(deps(), missing)).toBeNull();
  const { projectId } = await makeTenant(stack, { publicKey: missing });
  expect(await lookUp(deps(), missing)).toBeNull();
  await redis.del(`key:${missing}`);
  nowMs += 11_000;
  expect(await lookUp(deps(), missing)).toMatchObject({ projectId });
});

test("with the database away the last known record works for an hour, then it is a fault", async () => {
  const { publicKey, projectId } = await makeTenant(stack);
  await lookUp(deps(), publicKey);
  const away = deps("http://127.0.0.1:9/sql");
  await redis.del(`key:${publicKey}`);
  nowMs += 1_800_000;
  expect(await lookUp(away, publicKey)).toMatchObject({ projectId });
  await expect(lookUp(away, randomId())).rejects.toMatchObject({ kind: "unavailable" });
  nowMs += 3_600_000;
  await expect(lookUp(away, publicKey)).rejects.toMatchObject({ kind: "unavailable" });
});

test("a database that hangs: the last known record serves, and who comes meanwhile does not wait for it", async () => {
  const { publicKey, projectId } = await makeTenant(stack);
  await lookUp(deps(), publicKey);
  await redis.del(`key:${publicKey}`);
  nowMs += 60_000;
  const proxy = await startHangingProxy(() => inject("neonUrl"));
  try {
    proxy.mood = "swallow";
    const hanging = { ...deps(), db: openDatabase(stack.databaseUrl, 500, `${proxy.url}/sql`) };
    const first = lookUp(hanging, publicKey);
    expect(await lookUp(hanging, publicKey)).toMatchObject({ projectId });
    expect(proxy.asked).toBeLessThanOrEqual(1);
    expect(await first).toMatchObject({ projectId });
    expect(proxy.asked).toBe(1);
    await expect(lookUp(hanging, randomId())).rejects.toMatchObject({ kind: "unavailable" });
  } finally {
    await proxy.close();
  }
});

test("ten thousand invented keys push no real one out of memory", async () => {
  const { publicKey, projectId } = await makeTenant(stack);
  await lookUp(deps(), publicKey);
  const nobody = {
    ...deps(),
    redis: { get: async () => "none" } as unknown as RedisClient,
  };
  for (let count = 0; count < 10_001; count++) await lookUp(nobody, randomId());
  expect(await lookUp(nobody, publicKey)).toMatchObject({ projectId });
});

test("what Redis knows of a key that does not exist has an end too", async () => {
  const missing = randomId();
  await lookUp(deps(), missing);
  const secondsLeft = Number(await redis.ttl(`key:${missing}`));
  expect(secondsLeft).toBeGreaterThan(0);
  expect(secondsLeft).toBeLessThanOrEqual(10);
});

test.each([
  ["ten thousand keys", 10_000, true],
  ["five thousand missing keys", 5000, false],
])(
  "an isolate remembers %s and no more: older ones are asked for again",
  async (_, max, exists) => {
    const { publicKey } = await makeTenant(stack);
    await lookUp(deps(), publicKey);
    const record = exists ? await redis.get<string>(`key:${publicKey}`) : "none";
    const asked: string[] = [];
    const counting = {
      ...deps(),
      redis: { get: async (key: string) => (asked.push(key), record) } as unknown as RedisClient,
    };
    const keys = Array.from({ length: 2 * max }, randomId);
    for (const key of keys) await lookUp(counting, key);
    asked.length = 0;
    // When it is full, the tenth that was set longest ago goes.
    for (const key of [keys.at(-1), keys.at(-max / 2), keys.at(-0.9 * max)]) {
      await lookUp(counting, key ?? "");
    }
    expect(asked).toEqual([]);
    const gone = [keys[0] ?? "", keys[max - 1] ?? ""];
    for (const key of gone) await lookUp(counting, key);
    expect(asked).toEqual(gone.map((key) => `key:${key}`));
  },
);

test("a key that people change or delete is not shared by Redis any longer, so edges follow within 20 s", async () => {
  const tenant = await makeTenant(stack);
  const sharedWith = deps();
  await lookUp(sharedWith, tenant.publicKey);
  const actor = { userId: tenant.userId, name: "ada@example.com", ip: null };
  const [project] = await listProjectsInline(sharedWith, tenant.orgId, null);
  const key = await findKeyOf(sharedWith, tenant.projectId, tenant.publicKey);
  if (!project) throw new Error("the tenant has a project");
  await editKey(sharedWith, actor, project, key, { rateLimit: { window: 60, count: 3 } });
  nowMs += 21_000;
  expect(await lookUp(sharedWith, tenant.publicKey)).toMatchObject({
    limits: [{ scope: "key", count: 3, windowSeconds: 60 }],
  });
  await removeKey(sharedWith, actor, project, key);
  nowMs += 21_000;
  expect(await lookUp(sharedWith, tenant.publicKey)).toBeNull();
});
