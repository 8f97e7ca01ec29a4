import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startUpstashBridge } from "../../scripts/local/upstash-bridge";
import type { Deps } from "../../src/deps";
import { makeLimiter } from "../../src/platform/limiter";
import { openRedis } from "../../src/platform/redis";
import { randomId } from "../harness";

test("what limits leave in Redis is gone two windows later", async () => {
  const token = randomBytes(8).toString("hex");
  const bridge = await startUpstashBridge(token, process.env.REDIS_URL);
  try {
    const now = () => new Date("2026-01-01T10:20:30Z");
    const redis = openRedis(bridge.url, token, 10_000, now);
    const deps = { redis, now, log: () => undefined } as unknown as Deps;
    const limit = { key: `k-${randomId()}`, count: 2, windowSeconds: 60 };
    const later: Promise<unknown>[] = [];
    const limiter = makeLimiter({ wait: async () => undefined, impatiently: (_, work) => work });
    for (let time = 0; time < 3; time++) {
      await limiter.secondsToWait(deps, (work) => void later.push(work), limit);
      await Promise.all(later.splice(0));
    }
    const window = Math.floor(+now() / 60_000);
    const secondsLeft = Number(await redis.ttl(`limit:${limit.key}:60:${window}`));
    expect(secondsLeft).toBeGreaterThan(60);
    expect(secondsLeft).toBeLessThanOrEqual(120);
  } finally {
    await bridge.close();
  }
});
