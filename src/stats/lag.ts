import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";
import { addBeats } from "../platform/pulse";

const key = "metrics:digest";
/** After this long without a batch there is nothing to tell. */
const keptSeconds = 900;

/** Seconds that the oldest message of the last batch waited in the queue, and until it was stored. */
export type Lag = { queueSeconds: number; digestSeconds: number };

/** What is to be known of a message of a batch: whose it is, and since when it waited. */
export type Digested = { orgId: number; projectId: number; receivedAt: number; takenAt: number };

/**
 * Notes how long a batch waited, and tells pages of its organizations to look again, in one call; a batch must not fail
 * for it.
 */
export async function recordBatch(deps: Deps, messages: Digested[]): Promise<void> {
  const stored = +deps.now();
  const oldest = Math.min(...messages.map(({ receivedAt }) => receivedAt));
  const secondsUntil = (until: number, since: number) => Math.max(0, (until - since) / 1000);
  const lag: Lag = {
    queueSeconds: secondsUntil(Math.min(...messages.map(({ takenAt }) => takenAt)), oldest),
    digestSeconds: secondsUntil(stored, oldest),
  };
  const ofOrgs = new Map<number, { projectIds: Set<number>; oldest: number }>();
  for (const { orgId, projectId, receivedAt } of messages) {
    const known = ofOrgs.get(orgId) ?? { projectIds: new Set(), oldest: receivedAt };
    known.projectIds.add(projectId);
    known.oldest = Math.min(known.oldest, receivedAt);
    ofOrgs.set(orgId, known);
  }
  const pipeline = deps.redis.pipeline();
  pipeline.set(key, JSON.stringify(lag), { ex: keptSeconds });
  addBeats(
    pipeline,
    [...ofOrgs].map(([orgId, each]) => ({
      orgId,
      projectIds: each.projectIds,
      lagSeconds: secondsUntil(stored, each.oldest),
    })),
  );
  try {
    await pipeline.exec();
  } catch (error) {
    deps.log("warn", "a batch could not be noted in Redis", { reason: reasonOf(error) });
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
