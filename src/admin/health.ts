import type { Deps } from "../deps";
import { Fault } from "../fault";
import { within } from "../platform/deadline";
import { reasonOf } from "../platform/logger";
import { secondMs } from "../protocol/durations";
import { selectNothing } from "./health-queries";
import type { Health } from "./schemas";

type Part = keyof Health["checks"];
type Check = NonNullable<Health["checks"][Part]>;

/** Strangers may ask: an isolate looks again after this long, */
const keptMs = 5 * secondMs;
/** at most so often at once, */
const looksMax = 3;
/** and one that nobody waits for any longer counts for this long. */
const lookMsMax = 30 * secondMs;

/**
 * Keeps what an isolate found out. Requests share what was found, never the look itself: one that another request began
 * may end with it.
 */
export function healthReader(): (deps: Deps) => Promise<Health> {
  let last: { health: Health; at: number } | undefined;
  let looks: number[] = [];
  return async (deps) => {
    const began = +deps.now();
    if (last && began - last.at < keptMs) return last.health;
    looks = looks.filter((since) => began - since < lookMsMax);
    if (looks.length >= looksMax) {
      if (last && began - last.at < lookMsMax) return last.health;
      throw new Fault("unavailable", "Health is being looked at. Ask again in a moment.");
    }
    looks.push(began);
    const health = await lookAtHealth(deps);
    looks.splice(looks.indexOf(began), 1);
    last = { health, at: +deps.now() };
    return health;
  };
}

/** Of this isolate. */
export const readHealth = healthReader();

/** Asks every part at once; each may take as long as at a door of SDKs. Parts that are not there are left out. */
export async function lookAtHealth(deps: Deps): Promise<Health> {
  const { doorDeadlineMs } = deps.config;
  const look = async (part: Part, ask: () => Promise<Partial<Check> | undefined>) => {
    const began = +deps.now();
    const found = await within(doorDeadlineMs, part, ask).catch((error): Partial<Check> => {
      deps.log("warn", "a part is failing", { part, reason: reasonOf(error) });
      return { status: "failing" };
    });
    return found && { status: "ok" as const, ms: +deps.now() - began, ...found };
  };
  const [database, redis, bucket, queues, disk] = await Promise.all([
    look("database", async () => {
      await selectNothing(deps.db);
      return {};
    }),
    look("redis", async () => {
      await deps.redis.ping();
      return {};
    }),
    look("bucket", async () => {
      await deps.blobs.get("health");
      return {};
    }),
    look("queues", () => lookAtQueues(deps)),
    look("disk", async () => {
      const room = await deps.disk();
      return room && { status: room.refuses ? "failing" : "ok" };
    }),
  ]);
  const checks = {
    ...(database && { database }),
    ...(redis && { redis }),
    ...(bucket && { bucket }),
    ...(queues && { queues }),
    ...(disk && { disk }),
  };
  const isFailing = Object.values(checks).some(({ status }) => status === "failing");
  return { status: isFailing ? "failing" : "ok", checks };
}

/** Consumers that are away or too slow show in what waits longest. */
async function lookAtQueues(deps: Deps): Promise<Partial<Check> | undefined> {
  const backlog = await deps.backlog();
  if (backlog.length === 0) return undefined;
  const oldestSeconds = Math.max(
    ...backlog.map(({ oldestAt }) => ageSeconds(oldestAt, deps.now())),
  );
  const { healthQueueAgeSeconds: secondsMax } = deps.config;
  const isLate = secondsMax > 0 && oldestSeconds > secondsMax;
  return { oldestSeconds, ...(isLate && { status: "failing" }) };
}

/** Of nothing, and of what another clock says is yet to come: 0. */
export const ageSeconds = (since: Date | undefined, now: Date): number =>
  since ? Math.max(0, Math.round((+now - +since) / secondMs)) : 0;
