import { Redis } from "@upstash/redis/cloudflare";
import { Fault } from "../fault";
import { reaching, unlessLate } from "./deadline";
import type { WaitUntil } from "./wait-until";

export type RedisClient = Redis;

/** After Redis failed, this long nobody asks it again: whatever it is asked for can be done without it. */
const restMs = 5000;
const resting = new Fault("unavailable", "Redis did not answer lately and is not asked.");

/** Whether a command was never sent, because Redis failed a moment ago. */
export const wasNotAsked = (error: unknown): boolean => error === resting;

/** A request that others wait for goes on without Redis after this long; the command itself keeps its deadline. */
const patienceMs = 1000;

/** What a command answers, for somebody who can do without: undefined when it is late or fails. */
export function impatiently<T>(waitUntil: WaitUntil, command: Promise<T>): Promise<T | undefined> {
  waitUntil(command.then(ignore, ignore));
  return unlessLate(patienceMs, command);
}
const ignore = () => undefined;

/** A hash as it comes where answers stay text: names and values by turns. */
export function fieldsIn(answer: unknown): [name: string, text: string][] {
  const texts = Array.isArray(answer) ? answer.map(String) : [];
  return texts.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, texts[at + 1] ?? ""]] : [],
  );
}

/**
 * No command is waited for longer than the deadline. Answers stay text: parsing them as JSON would turn a counter or a
 * key into something else. Faults: unavailable.
 */
export function openRedis(
  url: string,
  token: string,
  deadlineMs: number,
  now: () => Date,
): RedisClient {
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableTelemetry: false,
    retry: false,
  });
  let restsUntil = 0;
  redis.use(async (request, next) => {
    if (restsUntil > +now()) throw resting;
    try {
      return await reaching(deadlineMs, "Redis", (signal) => next({ ...request, signal }));
    } catch (error) {
      restsUntil = +now() + restMs;
      throw error;
    }
  });
  return redis;
}
