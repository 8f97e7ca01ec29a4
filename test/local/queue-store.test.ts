import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import {
  openQueueStore,
  type QueueStore,
  type Taken,
} from "../../scripts/local/queues/queue-store";
import { makeScratch } from "../scratch";
import { manualClock } from "./manual-clock";

const scratch = makeScratch("queues");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(scratch, `store-${folders++}`);

type Expected = { queue: string; dueMs: number; attempts: number; id?: string };

const anything = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      queue: fc.constantFrom("a", "b"),
      // Now and then more than memory knows of a queue.
      count: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 900, max: 2500 }) },
      ),
      delaySeconds: fc.constantFrom(0, 0, 0, 1, 30),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      queue: fc.constantFrom("a", "b"),
      count: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 500, max: 1500 })),
      fates: fc.array(fc.constantFrom("ack", "ack", "retry", "move", "keep", "release"), {
        minLength: 1,
        maxLength: 8,
      }),
      delaySeconds: fc.constantFrom(0, 2),
    }),
  },
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ do: fc.constant("jump" as const), ms: fc.constantFrom(3.6e6, -3.6e6) }),
  fc.record({ do: fc.constant("crash" as const), ms: fc.constantFrom(0, 5000, 3.6e6, -3.6e6) }),
);

test("whatever happens, what was sent comes until it is acknowledged, and never again after that", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 40 }), async (steps) => {
      const time = manualClock();
      const problems: string[] = [];
      const open = (folder: string) =>
        openQueueStore({
          folder,
          queues: ["a", "b"],
          clock: time.clock,
          log: (level, message) => level !== "info" && problems.push(message),
        });
      let folder = newFolder();
      let store = await open(folder);
      const model = new Map<string, Expected>();
      const away = new Set<string>();
      let sent = 0;
      let steadyAheadMs = 0;
      const nowMs = () => time.clock.steadyMs() + steadyAheadMs;
      const keyOf = ({ message }: Taken) => Buffer.from(message.body).toString();

      const take = async (queue: string, count: number) => {
        await store.outlook(queue, count);
        const taken = await store.take(queue, count, 1e9);
        for (const each of taken) {
          const expected = model.get(keyOf(each));
          expect(expected, "what comes was sent and not acknowledged").toBeDefined();
          expect(away.has(keyOf(each)), "nothing is delivered twice at once").toBe(false);
          expect(expected?.queue).toBe(queue);
          expect(each.order.attempts).toBe(expected?.attempts);
          if (expected?.id) expect(each.message.id).toBe(expected.id);
          if (expected) expected.id = each.message.id;
          away.add(keyOf(each));
        }
        return taken;
      };

      for (const step of steps) {
        if (step.do === "send") {
          const messages = Array.from({ length: step.count }, () => `message ${sent++}`);
          const { delaySeconds } = step;
          await store.send(
            step.queue,
            messages.map((text) => ({
              contentType: "text",
              body: Buffer.from(text),
              delaySeconds,
            })),
          );
          const dueMs = nowMs() + delaySeconds * 1000;
          for (const text of messages) model.set(text, { queue: step.queue, dueMs, attempts: 0 });
        } else if (step.do === "take") {
          const taken = await take(step.queue, step.count);
          const early = taken.filter((each) => (model.get(keyOf(each))?.dueMs ?? 0) > nowMs());
          expect(early).toEqual([]);
          const fateOf = (index: number) => step.fates[index % step.fates.length];
          const withFate = (fate: string) => taken.filter((_, index) => fateOf(index) === fate);
          const other = step.queue === "a" ? "b" : "a";
          const { delaySeconds } = step;
          await store.settle(step.queue, {
            acked: withFate("ack"),
            retried: withFate("retry").map((each) => ({ taken: each, delaySeconds })),
            moved: withFate("move").map((each) => ({ taken: each, to: other })),
          });
          store.release(step.queue, withFate("release"));
          for (const [index, each] of taken.entries()) {
            const fate = fateOf(index);
            const expected = model.get(keyOf(each));
            if (fate !== "keep") away.delete(keyOf(each));
            if (fate === "ack") model.delete(keyOf(each));
            if (!expected) continue;
            if (fate === "retry") {
              expected.attempts++;
              expected.dueMs = nowMs() + delaySeconds * 1000;
            }
            if (fate === "move") Object.assign(expected, { queue: other, attempts: 0 });
          }
        } else if (step.do === "wait") time.advance(step.ms);
        else if (step.do === "jump") time.jump(step.ms);
        else {
          // What lies on the disk at this moment is what a process that is killed leaves behind.
          const image = newFolder();
          cpSync(folder, image, { recursive: true });
          await store.close();
          rmSync(folder, { recursive: true });
          folder = image;
          time.jump(step.ms);
          store = await open(folder);
          away.clear();
          // The clock of the queues may be ahead of ours from here on, never behind.
          steadyAheadMs += 3.6e6 + 5000;
        }
        expectCounts(store, model);
      }
      // Everything that is left comes, at last.
      time.advance(1e9);
      steadyAheadMs += 1e9;
      const kept = away.size;
      let came = 0;
      for (const queue of ["a", "b"]) {
        for (let some = await take(queue, 500); some.length > 0; some = await take(queue, 500)) {
          came += some.length;
          await store.settle(queue, { acked: some, retried: [], moved: [] });
        }
      }
      expect(came).toBe(model.size - kept);
      expect(problems).toEqual([]);
      await store.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

function expectCounts(store: QueueStore, model: Map<string, Expected>): void {
  for (const queue of ["a", "b"]) {
    const expected = [...model].filter(([, each]) => each.queue === queue);
    const { messages, bytes } = store.countsOf(queue);
    expect({ messages, bytes }).toEqual({
      messages: expected.length,
      bytes: expected.reduce((sum, [text]) => sum + text.length, 0),
    });
  }
}
