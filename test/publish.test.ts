import { expect, test } from "vitest";
import { publisher, type QueueBindings } from "../queues/publish";

const deadlineMs = 10_000;

/** The queue is the platform's: only what is handed to it is looked at. */
function recorder() {
  const batches: { body: unknown }[][] = [];
  const single: unknown[] = [];
  const queue = {
    send: async (body: unknown) => void single.push(body),
    sendBatch: async (messages: Iterable<{ body: unknown }>) => void batches.push([...messages]),
  } as unknown as Queue;
  const bindings: QueueBindings = { ENVELOPES: queue, OUTCOMES: queue, ISSUE_CHANGES: queue };
  return { batches, single, publish: publisher(bindings, deadlineMs) };
}

const countsOf = (number: number) =>
  Array.from({ length: number }, (_, index) => ({
    projectId: index,
    hour: 0,
    category: "error",
    outcome: "rate_limited",
    reason: "quota_exceeded",
    quantity: 1,
  }));

test("a batch stays within the platform's number and bytes, and nothing is left out", async () => {
  const { batches, publish } = recorder();
  const large = Array.from({ length: 30 }, (_, index) => ({
    v: 1 as const,
    id: String(index),
    receivedAt: 0,
    counts: countsOf(300),
  }));
  await publish("outcomes", large);
  expect(batches.flat().map(({ body }) => (body as { id: string }).id)).toEqual(
    large.map(({ id }) => id),
  );
  for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(256_000);

  const many = recorder();
  await many.publish(
    "issue-changes",
    Array.from({ length: 250 }, (_, index) => ({
      v: 1 as const,
      changeId: index,
      issueId: 1,
      change: "created" as const,
    })),
  );
  expect(many.batches.map(({ length }) => length)).toEqual([100, 100, 50]);
});

test("one message is sent alone, none not at all", async () => {
  const { batches, single, publish } = recorder();
  await publish("outcomes", []);
  await publish("outcomes", [{ v: 1, id: "a", receivedAt: 0, counts: [] }]);
  expect([batches, single]).toEqual([[], [{ v: 1, id: "a", receivedAt: 0, counts: [] }]]);
});
