import { createHash } from "node:crypto";
import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";
import { boundedMemory } from "../platform/memory";
import { networkOf } from "../platform/network";
import { hourSeconds } from "../protocol/durations";

/**
 * Who guesses, and at whom. A session that is open guesses at its own account only; a device that an address has
 * signed in from before is not held up by what strangers try.
 */
export type Guesser =
  | { session: string }
  | { address: string | undefined; ip: string | undefined; device?: string | undefined };

type Bucket = { key: string; max: number; windowSeconds: number; isOwn: boolean };

const windowSeconds = 300;
/** In each window: by one session, at one address from one network, at one address from a device it knows. */
const sessionGuessesMax = 5;
const pairGuessesMax = 5;
const deviceGuessesMax = 10;
/** From one network at whatever address in each window, and at one address from all unknown devices in each hour. */
const networkGuessesMax = 50;
const addressGuessesMax = 100;
/** What is mailed to an address because strangers ask for it, in each hour. */
const addressMailsMax = 20;
const mailing = new Set(["reset", "verify"]);

const rememberedMax = 5000;
/** Each isolate counts for itself as well: Redis may be away, or too slow while passwords are hashed. */
const local = boundedMemory<string, { count: number; until: number }>(rememberedMax);

function bucketsOf(purpose: string, guesser: Guesser): Bucket[] {
  const bucket = (scope: string, of: string, max: number, seconds = windowSeconds): Bucket => ({
    key: `guess:${purpose}:${scope}:${digest(of)}`,
    max,
    windowSeconds: seconds,
    isOwn: scope !== "address" && scope !== "network",
  });
  if ("session" in guesser) return [bucket("session", guesser.session, sessionGuessesMax)];
  const address = guesser.address?.toLowerCase();
  const network = guesser.ip === undefined ? undefined : networkOf(guesser.ip);
  if (address !== undefined && guesser.device !== undefined) {
    return [bucket("device", `${guesser.device} ${address}`, deviceGuessesMax)];
  }
  const addressMax = mailing.has(purpose) ? addressMailsMax : addressGuessesMax;
  return [
    ...(address === undefined
      ? []
      : [
          bucket("pair", `${network} ${address}`, pairGuessesMax),
          bucket("address", address, addressMax, hourSeconds),
        ]),
    ...(network === undefined ? [] : [bucket("network", network, networkGuessesMax)]),
  ];
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/**
 * Counts an attempt before it is made, so that many at once are counted too. Seconds to wait when there were too
 * many; undefined when it may be tried.
 */
export async function countGuess(
  deps: Deps,
  purpose: string,
  guesser: Guesser,
): Promise<number | undefined> {
  const buckets = bucketsOf(purpose, guesser);
  if (buckets.length === 0) return undefined;
  const here = buckets.map((bucket) => addLocally(bucket, 1, +deps.now()));
  const everywhere = await addEverywhere(deps, buckets, 1);
  const full = buckets.filter(
    ({ max }, index) => Math.max(here[index] ?? 0, everywhere[index] ?? 0) > max,
  );
  return full.length === 0 ? undefined : Math.max(...full.map((each) => each.windowSeconds));
}

/**
 * The right guess was made. What counts for this guesser alone starts anew; of what is counted for others too only
 * this attempt is taken back, or one account would open all others.
 */
export async function forgiveGuesses(deps: Deps, purpose: string, guesser: Guesser): Promise<void> {
  const buckets = bucketsOf(purpose, guesser);
  const own = buckets.filter(({ isOwn }) => isOwn).map(({ key }) => key);
  const shared = buckets.filter(({ isOwn }) => !isOwn);
  for (const key of own) local.delete(key);
  for (const bucket of shared) addLocally(bucket, -1, +deps.now());
  await addEverywhere(deps, shared, -1);
  try {
    if (own.length > 0) await deps.redis.del(...own);
  } catch (error) {
    deps.log("warn", "guesses could not be forgiven", { reason: reasonOf(error) });
  }
}

async function addEverywhere(deps: Deps, buckets: Bucket[], by: 1 | -1): Promise<number[]> {
  if (buckets.length === 0) return [];
  try {
    const pipeline = deps.redis.pipeline();
    for (const { key, windowSeconds: seconds } of buckets) {
      pipeline.incrby(key, by);
      pipeline.expire(key, seconds, "NX");
    }
    const results = await pipeline.exec<number[]>();
    return buckets.map((_, index) => Number(results[index * 2]));
  } catch (error) {
    deps.log("warn", "Redis cannot be asked; guesses are counted per isolate", {
      reason: reasonOf(error),
    });
    return [];
  }
}

function addLocally(bucket: Bucket, by: 1 | -1, nowMs: number): number {
  const known = local.get(bucket.key);
  const entry =
    known && known.until > nowMs ? known : { count: 0, until: nowMs + bucket.windowSeconds * 1000 };
  entry.count = Math.max(0, entry.count + by);
  local.set(bucket.key, entry);
  return entry.count;
}
