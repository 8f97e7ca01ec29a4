import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";

const key = "metrics:digest";
/** After this long without a batch there is nothing to tell. */
const keptSeconds = 900;

/** Seconds that the oldest message of the last batch waited in the queue, and until it was stored. */
export type Lag = { queueSeconds: number; digestSeconds: number };

/** Notes how long the last batch waited; a batch must not fail for it. */
export async function recordLag(
  deps: Deps,
  oldestReceivedAt: number,
  takenAt: number,
): Promise<void> {
  const seconds = (until: number) => Math.max(0, (until - oldestReceivedAt) / 1000);
  const lag: Lag = { queueSeconds: seconds(takenAt), digestSeconds: seconds(+deps.now()) };
  try {
    await deps.redis.set(key, JSON.stringify(lag), { ex: keptSeconds });
  } catch (error) {
    deps.log("warn", "the lag could not be noted", { reason: reasonOf(error) });
  }
}

/** Zeros when nothing was digested lately; undefined when Redis cannot be asked. */
export async function readLag(deps: Deps): Promise<Lag | undefined> {
  try {
    const text = await deps.redis.get<string>(key);
    return text ? (JSON.parse(text) as Lag) : { queueSeconds: 0, digestSeconds: 0 };
  } catch {
    return undefined;
  }
}
