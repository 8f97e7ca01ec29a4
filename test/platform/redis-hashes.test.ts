import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startUpstashBridge } from "../../scripts/local/upstash-bridge";
import { fieldsIn, openRedis } from "../../src/platform/redis";
import { randomId } from "../harness";

test("hashes of the store of one machine answer as Redis does", async () => {
  const token = randomBytes(8).toString("hex");
  const bridge = await startUpstashBridge(token, process.env.REDIS_URL);
  try {
    const redis = openRedis(bridge.url, token, 10_000, () => new Date());
    const key = `h-${randomId()}`;
    const read = async () => fieldsIn(await redis.hgetall(key)).toSorted();
    expect(await read()).toEqual([]);
    const pipeline = redis.pipeline();
    pipeline.hincrby(key, "n", 2);
    pipeline.hincrby(key, "n", -1);
    pipeline.hset(key, { a: "1.5", n: "7" });
    pipeline.expire(key, 60, "NX");
    pipeline.expire(key, 600, "NX");
    expect((await pipeline.exec<unknown[]>()).map(Number)).toEqual([2, 1, 1, 1, 0]);
    expect(await read()).toEqual([
      ["a", "1.5"],
      ["n", "7"],
    ]);
    expect(Number(await redis.ttl(key))).toBeLessThanOrEqual(60);
    expect(await redis.del(key)).toBe(1);
    expect(await read()).toEqual([]);
  } finally {
    await bridge.close();
  }
});
