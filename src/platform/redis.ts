import { Redis } from "@upstash/redis/cloudflare";

export type RedisClient = Redis;

/** Past this a request goes on without Redis: an edge must not wait for its helper. */
const timeoutMs = 100;

/** Answers stay text: parsing them as JSON would turn a counter or a key into something else. */
export function openRedis(url: string, token: string): RedisClient {
  return new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  });
}
