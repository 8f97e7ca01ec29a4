import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { secondMs } from "../../src/protocol/durations";

const askMsMax = 30 * secondMs;
const Health = z.object({
  checks: z.record(z.string(), z.object({ status: z.string() })),
});

/**
 * Asks a new installation whether it works, time and again: an address takes a while to be known everywhere. Says what
 * is wrong, or undefined.
 */
export async function untilReady(
  url: string,
  { tries = 20, pauseMs = 3 * secondMs } = {},
): Promise<string | undefined> {
  let wrong = "";
  for (let left = tries; left > 0; left--) {
    try {
      const answer = await fetch(`${url}/_health/ready`, { signal: AbortSignal.timeout(askMsMax) });
      if (answer.ok) return undefined;
      const health = Health.safeParse(await answer.json().catch(() => undefined));
      const failing = Object.entries(health.data?.checks ?? {})
        .filter(([, { status }]) => status !== "ok")
        .map(([part]) => part);
      wrong = failing.length > 0 ? `failing: ${failing.join(", ")}` : `it answers ${answer.status}`;
    } catch (error) {
      wrong = `no answer: ${(error as Error).message}`;
    }
    if (left > 1) await pause(pauseMs);
  }
  return wrong;
}
