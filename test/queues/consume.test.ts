import { expect, test } from "vitest";
import type { QueueName } from "../../queues/catalog";
import { type Consumer, consume, consumer } from "../../queues/consume";
import type { Deps } from "../../src/deps";
import { Fault } from "../../src/fault";

const megabyte = 1024 * 1024;

/** Runs a batch of changes 0…count-1 through the loop, and tells what it asked for and what became of each. */
async function run(
  count: number,
  work: {
    prepare?: (id: number) => void;
    megabytesOf?: (id: number) => number;
    commit?: (ids: number[]) => void;
    attempts?: number;
  },
) {
  const [prepared, committed, settled]: [number[], number[][], string[]] = [[], [], []];
  const delays: (number | undefined)[] = [];
  const changes = consumer("issue-changes", {
    prepare: async (_, { changeId }): Promise<number> => {
      prepared.push(changeId);
      work.prepare?.(changeId);
      return changeId;
    },
    bytesOf: (id) => (work.megabytesOf?.(id) ?? 0) * megabyte,
    commit: async (_, ids) => {
      committed.push(ids);
      work.commit?.(ids);
    },
  });
  const messages = Array.from({ length: count }, (_, changeId) => ({
    id: String(changeId),
    timestamp: new Date(),
    attempts: work.attempts ?? 1,
    body: { v: 1, changeId, issueId: 1, change: "created" },
    ack: () => void settled.push(`ack ${changeId}`),
    retry: ({ delaySeconds }: { delaySeconds?: number } = {}) => {
      settled.push(`retry ${changeId}`);
      delays.push(delaySeconds);
    },
  }));
  const deps = { now: () => new Date(), log: () => undefined } as unknown as Deps;
  await consume(deps, changes as unknown as Consumer<QueueName>, messages);
  return { prepared, committed, settled: settled.toSorted(), delays };
}

test("a batch is halved around what spoils it, and each message is prepared once", async () => {
  const { prepared, committed, settled } = await run(8, {
    commit: (ids) => {
      if (ids.includes(5)) throw new Error("spoilt");
    },
  });
  expect(prepared).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(committed).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [4, 5],
    [4],
    [5],
    [6, 7],
  ]);
  expect(settled.filter((what) => !what.startsWith("ack"))).toEqual(["retry 5"]);
});

test("no more than 16 MB are in memory at a time, but for a single message that is larger", async () => {
  const sizes = [7, 7, 7, 1, 20, 16, 1];
  const { committed } = await run(sizes.length, { megabytesOf: (id) => sizes[id] ?? 0 });
  expect(committed).toEqual([[0, 1], [2, 3], [4], [5], [6]]);
});

test("an outage in one slice spares the others the work: all that is left waits", async () => {
  const { prepared, committed, settled } = await run(6, {
    megabytesOf: () => 10,
    commit: (ids) => {
      if (ids.includes(1)) throw new Fault("unavailable", "away");
    },
  });
  expect([prepared, committed]).toEqual([
    [0, 1, 2],
    [[0], [1]],
  ]);
  expect(settled).toEqual(["ack 0", "retry 1", "retry 2", "retry 3", "retry 4", "retry 5"]);
});

test("one message that cannot be fetched fails alone; after three nobody else is tried", async () => {
  const unavailable = (missing: number[]) => (id: number) => {
    if (missing.includes(id)) throw new Fault("unavailable", "no answer");
  };
  const one = await run(4, { prepare: unavailable([1]) });
  expect([one.committed, one.settled]).toEqual([
    [[0, 2, 3]],
    ["ack 0", "ack 2", "ack 3", "retry 1"],
  ]);
  const many = await run(8, { prepare: unavailable([1, 2, 3, 5]) });
  expect([many.prepared, many.committed]).toEqual([[0, 1, 2, 3], [[0]]]);
  expect(many.settled).toHaveLength(8);
});

test("an outage is not looked for by halving: the whole batch waits after one try", async () => {
  const { committed, settled } = await run(8, {
    commit: () => {
      throw new Fault("unavailable", "away");
    },
  });
  expect(committed).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
  expect(settled).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((id) => `retry ${id}`));
});

test.each([
  [1, 2],
  [2, 4],
  [5, 32],
  [10, 600],
  [90, 600],
])("after delivery %i a message waits %i seconds", async (attempts, seconds) => {
  const commit = () => {
    throw new Fault("unavailable", "away");
  };
  expect((await run(1, { attempts, commit })).delays).toEqual([seconds]);
});
