import type { Deps } from "../deps";
import { dictionaryOf } from "../protocol/dictionary";
import { daySeconds } from "../protocol/durations";
import { unlessLate } from "./deadline";
import { reasonOf } from "./logger";
import { fieldsIn, type RedisClient } from "./redis";

/** What changed in an organization. */
export type Beat = {
  orgId: number;
  projectIds: Iterable<number>;
  /** From receipt until it was stored, where it was sent. */
  lagSeconds?: number;
};

/**
 * Numbers that grow whenever something of the issues of an organization, or of one of its projects, changes. They count
 * nothing: a page looks again when one is another than before.
 */
export type Pulse = {
  issues: number;
  projects: Record<string, number>;
  /** Of the last batch of the organization; null when there was none lately. */
  lagSeconds: number | null;
};

/** Begins anew after so long: what belongs to projects that are gone goes with it. */
const keptSeconds = 7 * daySeconds;
/** Whoever waits for a page goes on without Redis after this long. */
const patienceMs = 1000;

const keyOf = (orgId: number) => `pulse:${orgId}`;
const lagField = "lag";
const issuesField = "issues";

type Pipeline = ReturnType<RedisClient["pipeline"]>;

/** Adds what changed to commands that go to Redis together. */
export function addBeats(pipeline: Pipeline, beats: Beat[]): void {
  for (const { orgId, projectIds, lagSeconds } of beats) {
    const key = keyOf(orgId);
    pipeline.hincrby(key, issuesField, 1);
    for (const id of projectIds) pipeline.hincrby(key, String(id), 1);
    if (lagSeconds !== undefined) pipeline.hset(key, { [lagField]: lagSeconds.toFixed(1) });
    pipeline.expire(key, keptSeconds, "NX");
  }
}

/** Tells open pages to look again. Never fails: they look again by themselves, later. */
export async function beat(
  { redis, log }: Pick<Deps, "redis" | "log">,
  beats: Beat[],
): Promise<void> {
  if (beats.length === 0) return;
  const pipeline = redis.pipeline();
  addBeats(pipeline, beats);
  const sent = pipeline.exec().catch((error: unknown) => {
    log("warn", "open pages could not be notified of a change", { reason: reasonOf(error) });
  });
  await unlessLate(patienceMs, sent);
}

/** One read. Throws when Redis cannot be asked. */
export async function readPulse({ redis }: Pick<Deps, "redis">, orgId: number): Promise<Pulse> {
  const fields = fieldsIn(await redis.hgetall(keyOf(orgId)));
  const numbers = new Map(fields.map(([name, text]) => [name, Number(text)]));
  const projects = [...numbers].filter(([name]) => /^\d+$/.test(name));
  return {
    issues: numbers.get(issuesField) ?? 0,
    projects: dictionaryOf(projects),
    lagSeconds: numbers.get(lagField) ?? null,
  };
}
