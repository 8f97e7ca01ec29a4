import type { MiniflareOptions } from "miniflare";
import type { Mood } from "./hanging-proxy";
import { putBeside, type SingleWorkerOptions } from "./simulator/start-worker";

/** Moods of what hangs, and a bucket that is there and takes nothing. */
export type BucketMood = Mood | "failing";

/** For `adjust` of a stack: its real bucket, behind a door that is asked for its mood each time. */
export const behindBucketDoor =
  (moodOf: () => BucketMood) =>
  ({ r2Buckets: _, ...main }: SingleWorkerOptions) =>
    putBeside({ ...main, wrappedBindings: { BLOBS: { scriptName: "door" } } } as MiniflareOptions, {
      name: "door",
      modules: true,
      r2Buckets: { REAL: "brinkwatch" },
      serviceBindings: { MOOD: () => answerOf(moodOf()) as never },
      script: doorScript,
    });

/** A swallowing bucket is one that nobody hears of again. */
const answerOf = (mood: BucketMood): Response | Promise<Response> =>
  mood === "swallow" ? new Promise<Response>(() => {}) : new Response(mood);

const doorScript = `export default (env) => {
  const afterwards = {
    drip: () => new Promise(() => {}),
    reset: () => Promise.reject(new Error("Network connection lost.")),
  };
  const ask = (name) => async (...args) => {
    const mood = await (await env.MOOD.fetch("http://mood/")).text();
    if (mood === "failing" && name === "put") {
      throw new Error("put: We encountered an internal error. (10001)");
    }
    const answer = await env.REAL[name](...args);
    const how = afterwards[mood];
    if (!how) return answer;
    return name === "get" ? { arrayBuffer: how } : how();
  };
  return { put: ask("put"), get: ask("get"), list: ask("list"), delete: ask("delete") };
};`;
