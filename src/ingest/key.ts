import { z } from "zod";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { isUnavailable } from "../platform/database";
import { dashed } from "../platform/ids";
import { limiter } from "../platform/limiter";
import { boundedMemory } from "../platform/memory";
import { networkOf } from "../platform/network";
import { readShared, share } from "../platform/share";
import type { WaitUntil } from "../platform/wait-until";
import { isKey } from "../protocol/dsn";
import { hourSeconds, secondMs } from "../protocol/durations";
import { selectKey } from "./queries";
import { KeyRecord, type Limit, Quota } from "./schemas";

/** Memory and Redis together stay under the 60 s within which a disabled key must stop. */
const memorySeconds = 20;
const redisSeconds = 30;
const negativeSeconds = 10;
/** With the database away, what was last known of a key goes on working this long. */
const lastKnownSecondsMax = hourSeconds;
/** While one request reads a known key anew, the others go on with what is known of it. */
const renewalSeconds = 5;
const rememberedMax = 10_000;
const missingMax = 5000;

type Remembered = { record: KeyRecord; freshUntil: number; usableUntil: number };
const memory = boundedMemory<string, Remembered>(rememberedMax);
/** Until when a key is known to be missing. On its own, so that invented keys do not push real ones out. */
const missing = boundedMemory<string, number>(missingMax);

/**
 * Public key → what the edge must know, or null for a key that does not exist. Isolate memory, then Redis, then
 * PostgreSQL; a missing key is remembered for itself only. Who asks for many keys that do not exist is not looked up
 * any longer. Faults: unavailable, limited.
 */
export async function findKey(
  deps: Deps,
  waitUntil: WaitUntil,
  publicKey: string,
  ip?: string | null,
): Promise<KeyRecord | null> {
  if (!isKey(publicKey)) return null;
  const nowMs = +deps.now();
  const known = memory.get(publicKey);
  if (known && known.freshUntil > nowMs) return known.record;
  if (!known && (missing.get(publicKey) ?? 0) > nowMs) return null;

  const guesses = ip ? unknownKeysOf(networkOf(ip)) : undefined;
  if (!known && guesses && limiter.peek(deps, guesses) !== undefined) {
    throw new Fault("limited", "too many unknown keys from this network");
  }
  const guessed = () => {
    if (guesses) waitUntil(limiter.secondsToWait(deps, waitUntil, guesses));
  };
  const isUsable = known !== undefined && known.usableUntil > nowMs;
  if (isUsable) known.freshUntil = nowMs + secondMs * renewalSeconds;
  const shared = await readRecord(deps, waitUntil, publicKey);
  if (shared === null) guessed();
  if (shared !== undefined) return remember(publicKey, shared, nowMs);
  let record: KeyRecord | null;
  try {
    record = await readStored(deps, publicKey);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    if (isUsable) return known.record;
    throw new Fault("unavailable", "The key cannot be looked up right now.", { cause: error });
  }
  if (!record) guessed();
  waitUntil(shareRecord(deps, publicKey, record));
  return remember(publicKey, record, nowMs);
}

/** One network may come with so many keys that do not exist: no limit for people, but one for whoever invents them. */
const unknownKeysPerMinute = 100;
/** Half of them by each isolate unasked, so that a wrong key costs nothing more. */
const unknownKeysOf = (network: string) => ({
  key: `unknown-keys:${network}`,
  count: unknownKeysPerMinute,
  windowSeconds: 60,
  freeShare: 0.5,
});

function remember(publicKey: string, record: KeyRecord | null, nowMs: number): KeyRecord | null {
  memory.delete(publicKey);
  missing.delete(publicKey);
  if (record) {
    memory.set(publicKey, {
      record,
      freshUntil: nowMs + secondMs * memorySeconds,
      usableUntil: nowMs + secondMs * lastKnownSecondsMax,
    });
  } else {
    missing.set(publicKey, nowMs + secondMs * negativeSeconds);
  }
  return record;
}

async function readRecord(
  deps: Deps,
  waitUntil: WaitUntil,
  publicKey: string,
): Promise<KeyRecord | null | undefined> {
  const text = await readShared(deps, waitUntil, "key", publicKey);
  if (text === undefined) return undefined;
  try {
    return text === "none" ? null : KeyRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const shareRecord = (deps: Deps, publicKey: string, record: KeyRecord | null) =>
  share(
    deps,
    "key",
    publicKey,
    record ? JSON.stringify(record) : "none",
    record ? redisSeconds : negativeSeconds,
  );

async function readStored(deps: Deps, publicKey: string): Promise<KeyRecord | null> {
  const [row] = await selectKey(deps.db, dashed(publicKey));
  if (!row) return null;
  const scoped = (quotas: unknown, scope: Limit["scope"], scopeId: string): Limit[] =>
    (z.array(Quota).safeParse(quotas).data ?? []).map((quota) => ({ ...quota, scope, scopeId }));
  const { defaultKeyLimitPerMinute, defaultProjectLimitPerMinute } = deps.config;
  const byDefault = (count: number, scope: Limit["scope"], scopeId: string): Limit[] =>
    count > 0
      ? [{ category: "all", count, windowSeconds: 60, scope, scopeId, isDefault: true }]
      : [];
  const keyQuota =
    row.rateLimitCount !== null && row.rateLimitWindowSeconds
      ? [
          {
            category: "error",
            count: row.rateLimitCount,
            windowSeconds: row.rateLimitWindowSeconds,
          },
        ]
      : [];
  return {
    projectId: row.projectId,
    orgId: row.orgId,
    isActive: row.isActive,
    isAcceptingEvents: row.isAcceptingEvents,
    throttleRates: [row.orgThrottleRate, row.projectThrottleRate],
    allowedOrigins: row.allowedOrigins,
    scrubDefaults: row.scrubDefaults,
    scrubIpAddresses: row.scrubIpAddresses,
    isOnG2Alone: row.isOnG2Alone,
    rulesVersion: row.rulesVersion,
    limits: [
      ...byDefault(defaultKeyLimitPerMinute, "key", row.keyId),
      ...byDefault(defaultProjectLimitPerMinute, "project", String(row.projectId)),
      ...scoped(keyQuota, "key", row.keyId),
      ...scoped(row.projectQuotas, "project", String(row.projectId)),
      ...scoped(row.orgQuotas, "organization", String(row.orgId)),
    ],
  };
}
