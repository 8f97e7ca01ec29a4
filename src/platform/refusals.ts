import { lookUp } from "../protocol/dictionary";
import { minuteMs } from "../protocol/durations";
import { parseJson } from "../protocol/json";
import { type RefusalReason, remedies } from "../protocol/refusals";
import { fieldsIn, type RedisClient } from "./redis";

/** What doors turned away lately, by minute and project: for people who wonder why nothing arrives. */
export type Refusal = {
  projectId: number;
  reason: RefusalReason;
  /** The first digits of the key that was sent; null for many, or none. */
  keyPrefix: string | null;
  /** Null for many, or none. */
  origin: string | null;
};
export type RefusalCount = Refusal & { count: number };

export const refusalMinutes = 10;
const keptSeconds = (refusalMinutes + 1) * 60;
/** Of a project in a minute; what is more is added up by reason alone. */
const rowsMax = 50;

const minuteOf = (ms: number) => Math.floor(ms / minuteMs);
const keyOf = (projectId: number, minute: number) => `refusals:${projectId}:${minute}`;
const fieldOf = ({ reason, keyPrefix, origin }: Omit<Refusal, "projectId">) =>
  JSON.stringify([reason, keyPrefix, origin]);

/** Adds counts in two calls, whatever their number. Throws when Redis cannot be asked. */
export async function addRefusals(
  redis: RedisClient,
  counts: RefusalCount[],
  nowMs: number,
): Promise<void> {
  const minute = minuteOf(nowMs);
  const keys = [...new Set(counts.map(({ projectId }) => keyOf(projectId, minute)))];
  if (keys.length === 0) return;
  const sizes = redis.pipeline();
  for (const key of keys) sizes.hlen(key);
  const sizeOf = new Map((await sizes.exec<unknown[]>()).map((n, at) => [keys[at], Number(n)]));
  const pipeline = redis.pipeline();
  for (const { count, ...refusal } of counts) {
    const key = keyOf(refusal.projectId, minute);
    const isFull = (sizeOf.get(key) ?? 0) >= rowsMax;
    pipeline.hincrby(key, fieldOf(isFull ? anybodys(refusal) : refusal), count);
  }
  for (const key of keys) pipeline.expire(key, keptSeconds);
  await pipeline.exec();
}

/** The same without what tells senders apart. */
export const anybodys = ({ projectId, reason }: Refusal): Refusal => ({
  projectId,
  reason,
  keyPrefix: null,
  origin: null,
});

/** Of the last minutes, the latest first, then the most. `minuteAt` is when its last minute began. */
export type RefusalRow = Omit<RefusalCount, "projectId"> & { minuteAt: Date };

/** One call. Throws when Redis cannot be asked. */
export async function readRefusals(
  redis: RedisClient,
  projectId: number,
  nowMs: number,
): Promise<RefusalRow[]> {
  const newest = minuteOf(nowMs);
  const minutes = Array.from({ length: refusalMinutes + 1 }, (_, ago) => newest - ago);
  const pipeline = redis.pipeline();
  for (const minute of minutes) pipeline.hgetall(keyOf(projectId, minute));
  const rows = new Map<string, RefusalRow>();
  for (const [at, hash] of (await pipeline.exec<unknown[]>()).entries()) {
    for (const [field, text] of fieldsIn(hash)) {
      const known = rows.get(field);
      if (known) known.count += Number(text);
      const read = known ? undefined : readField(field);
      if (read) {
        const minuteAt = new Date((minutes[at] ?? newest) * minuteMs);
        rows.set(field, { ...read, count: Number(text), minuteAt });
      }
    }
  }
  return [...rows.values()].toSorted((a, b) => +b.minuteAt - +a.minuteAt || b.count - a.count);
}

function readField(field: string): Omit<Refusal, "projectId"> | undefined {
  const value = parseJson(field);
  if (!Array.isArray(value)) return undefined;
  const [reason, keyPrefix, origin] = value as [RefusalReason, string | null, string | null];
  return lookUp(remedies, reason) ? { reason, keyPrefix, origin } : undefined;
}
