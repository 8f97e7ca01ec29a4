import { createHash } from "node:crypto";
import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";
import { networkOf } from "../platform/network";

const windowSeconds = 300;
/** Wrong guesses at one address, and from one IP (or IPv6 network) at any address, in each window. */
const addressGuessesMax = 5;
const ipGuessesMax = 50;
const rememberedMax = 5000;

/** Each isolate counts for itself as well: Redis may be away, or too slow while passwords are hashed. */
const local = new Map<string, { count: number; until: number }>();

export type Guess = { address: string | undefined; ip: string | undefined };

const keysOf = (purpose: string, { address, ip }: Guess) => [
  ...(address === undefined
    ? []
    : [
        {
          key: `guess:${purpose}:address:${digest(address.toLowerCase())}`,
          max: addressGuessesMax,
        },
      ]),
  ...(ip === undefined
    ? []
    : [{ key: `guess:${purpose}:ip:${digest(networkOf(ip))}`, max: ipGuessesMax }]),
];

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/**
 * Counts an attempt before it is made, so that many at once are counted too. Seconds to wait when there were too
 * many; undefined when it may be tried.
 */
export async function countGuess(
  deps: Deps,
  purpose: string,
  guess: Guess,
): Promise<number | undefined> {
  const keys = keysOf(purpose, guess);
  if (keys.length === 0) return undefined;
  const here = keys.map(({ key }) => incrementLocally(key, +deps.now()));
  const everywhere = await increment(
    deps,
    keys.map(({ key }) => key),
  );
  const isTooMany = keys.some(
    ({ max }, index) => Math.max(here[index] ?? 0, everywhere[index] ?? 0) > max,
  );
  return isTooMany ? windowSeconds : undefined;
}

/** The right guess was made: the address starts anew. The IP does not, or one account would open all others. */
export async function forgiveGuesses(deps: Deps, purpose: string, guess: Guess): Promise<void> {
  const keys = keysOf(purpose, { address: guess.address, ip: undefined }).map(({ key }) => key);
  for (const key of keys) local.delete(key);
  try {
    if (keys.length > 0) await deps.redis.del(...keys);
  } catch (error) {
    deps.log("warn", "guesses could not be forgiven", { reason: reasonOf(error) });
  }
}

async function increment(deps: Deps, keys: string[]): Promise<number[]> {
  try {
    const pipeline = deps.redis.pipeline();
    for (const key of keys) {
      pipeline.incr(key);
      pipeline.expire(key, windowSeconds, "NX");
    }
    const results = await pipeline.exec<number[]>();
    return keys.map((_, index) => Number(results[index * 2]));
  } catch (error) {
    deps.log("warn", "Redis cannot be asked; guesses are counted per isolate", {
      reason: reasonOf(error),
    });
    return [];
  }
}

function incrementLocally(key: string, nowMs: number): number {
  const known = local.get(key);
  const entry =
    known && known.until > nowMs ? known : { count: 0, until: nowMs + windowSeconds * 1000 };
  entry.count++;
  if (local.size >= rememberedMax) local.clear();
  local.set(key, entry);
  return entry.count;
}
