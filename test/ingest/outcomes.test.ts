import { expect, test, vi } from "vitest";
import type { Deps } from "../../src/deps";
import { countOutcome } from "../../src/ingest/outcomes";

test("counts that could not be sent are sent with the next ones", async () => {
  // The platform's; Node has it elsewhere.
  vi.stubGlobal("scheduler", { wait: async () => undefined });
  const sent: number[] = [];
  let isAway = true;
  const logged: string[] = [];
  const deps = {
    now: () => new Date("2026-01-01T10:20:00Z"),
    log: (_: string, message: string) => logged.push(message),
    publish: async (_: string, messages: { counts: { quantity: number }[] }[]) => {
      if (isAway) throw new Error("the queue is away");
      sent.push(...messages.flatMap(({ counts }) => counts.map(({ quantity }) => quantity)));
    },
  } as unknown as Deps;
  const later: Promise<unknown>[] = [];
  const refuse = async (quantity: number) => {
    countOutcome(deps, (work) => void later.push(work), 1, "rate_limited", "default_limit", [
      { category: "error", quantity },
    ]);
    await Promise.all(later.splice(0));
  };
  try {
    await refuse(3);
    expect([sent, logged]).toEqual([[], ["outcomes could not be sent and are kept"]]);
    isAway = false;
    await refuse(4);
    expect(sent).toEqual([7]);
  } finally {
    vi.unstubAllGlobals();
  }
});
