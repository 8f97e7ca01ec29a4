import type { Deps } from "../deps";
import { reasonOf } from "./logger";
import { impatiently } from "./redis";
import type { WaitUntil } from "./wait-until";

/**
 * What isolates share through Redis for some seconds, so that not each of them reads it anew. `key`: what ingest must
 * know of a project's key, under the 32 hex digits of the public key.
 */
export type SharedKind = "key";

type Sharing = Pick<Deps, "redis" | "log">;

/** The text that is shared; undefined: Redis does not know, or cannot be asked, or takes too long. */
export async function readShared(
  { redis }: Sharing,
  waitUntil: WaitUntil,
  kind: SharedKind,
  name: string,
): Promise<string | undefined> {
  return (await impatiently(waitUntil, redis.get<string>(`${kind}:${name}`))) ?? undefined;
}

/** Never fails: what is not shared is read anew. */
export async function share(
  { redis, log }: Sharing,
  kind: SharedKind,
  name: string,
  text: string,
  seconds: number,
): Promise<void> {
  try {
    await redis.set(`${kind}:${name}`, text, { ex: seconds });
  } catch (error) {
    log("warn", "something could not be shared through Redis", { kind, reason: reasonOf(error) });
  }
}

/** What is shared is out of date: it is read anew. Without Redis it stays until its seconds are over. */
export async function unshare({ redis, log }: Sharing, kind: SharedKind, name: string) {
  try {
    await redis.del(`${kind}:${name}`);
  } catch (error) {
    log("warn", "what is shared waits for its time in Redis", { kind, reason: reasonOf(error) });
  }
}
