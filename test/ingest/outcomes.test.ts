import { expect, test, vi } from "vitest";
import type { Deps } from "../../src/deps";
import { countOutcome, sendOutcomes } from "../../src/ingest/outcomes";

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
    isAway = true;
    await refuse(2);
    isAway = false;
    // An event that is taken sends them as well.
    sendOutcomes(deps, (work) => void later.push(work));
    await Promise.all(later.splice(0));
    expect(sent).toEqual([7, 2]);
    sendOutcomes(deps, (work) => void later.push(work));
    expect(later).toEqual([]);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("while none can be sent, memory does not grow with what is refused, and what is not counted is logged", async () => {
  vi.stubGlobal("scheduler", { wait: async () => undefined });
  let isAway = true;
  let counted = 0;
  let uncounted = 0;
  const deps = {
    now: () => new Date("2026-01-01T10:20:00Z"),
    log: (_: string, __: string, { quantity = 0 }: { quantity?: number }) => {
      uncounted += quantity;
    },
    publish: async (_: string, messages: { counts: { quantity: number }[] }[]) => {
      if (isAway) throw new Error("the queue is away");
      for (const { counts } of messages) for (const { quantity } of counts) counted += quantity;
    },
  } as unknown as Deps;
  const later: Promise<unknown>[] = [];
  const refuse = (projectId: number) =>
    countOutcome(deps, (work) => void later.push(work), projectId, "rate_limited", "unavailable", [
      { category: "error", quantity: 1 },
    ]);
  try {
    for (let projectId = 1; projectId <= 20_010; projectId++) refuse(projectId);
    refuse(1);
    await Promise.all(later.splice(0));
    isAway = false;
    sendOutcomes(deps, (work) => void later.push(work));
    await Promise.all(later.splice(0));
    expect([counted, uncounted]).toEqual([20_001, 10]);
  } finally {
    vi.unstubAllGlobals();
  }
});
