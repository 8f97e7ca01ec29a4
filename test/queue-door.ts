import type { MiniflareOptions } from "miniflare";
import { putBeside, type SingleWorkerOptions } from "./simulator/start-worker";

/** Which of the queues that the doors of SDKs send to refuse, as on a disk that is nearly full. */
export type FullQueues = "none" | "envelopes" | "envelopes outcomes";

/** For `adjust` of a stack: its real queues, behind a door that asks each time whether they are full. */
export const behindQueueDoor =
  (fullOf: () => FullQueues) =>
  ({ queueProducers, ...main }: SingleWorkerOptions) => {
    const { ENVELOPES, OUTCOMES, ...others } = queueProducers as Record<string, never>;
    const door = (name: string, queue: string, binding: never) => ({
      name,
      modules: true as const,
      queueProducers: { REAL: binding },
      bindings: { NAME: queue },
      serviceBindings: { FULL: () => new Response(fullOf()) as never },
      script: doorScript,
    });
    const wrappedBindings = {
      ENVELOPES: { scriptName: "envelopes-door" },
      OUTCOMES: { scriptName: "outcomes-door" },
    };
    return putBeside(
      { ...main, queueProducers: others, wrappedBindings } as MiniflareOptions,
      door("envelopes-door", "envelopes", ENVELOPES as never),
      door("outcomes-door", "outcomes", OUTCOMES as never),
    );
  };

const doorScript = `export default (env) => {
  const ask = (name) => async (...args) => {
    const full = await (await env.FULL.fetch("http://full/")).text();
    if (full.split(" ").includes(env.NAME)) throw new Error("The disk is nearly full. (507)");
    return env.REAL[name](...args);
  };
  return { send: ask("send"), sendBatch: ask("sendBatch") };
};`;
