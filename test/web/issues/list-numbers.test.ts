import { expect, test } from "vitest";
import { together } from "../../../src/web/api/together";
import { fewerSteps } from "../../../src/web/issues/fewer-steps";

const still = new AbortController().signal;

test("what is asked for at about the same time is one request, each id once, in slices", async () => {
  const asked: string[][] = [];
  const ask = together<string>(async (ids) => {
    asked.push(ids);
    return new Map(ids.filter((id) => id !== "gone").map((id) => [id, `found ${id}`]));
  }, 2);
  const found = await Promise.all(["1", "2", "1", "gone"].map((id) => ask(id, still)));
  expect(found).toEqual(["found 1", "found 2", "found 1", undefined]);
  expect(asked).toEqual([["1", "2"], ["gone"]]);
  expect(await ask("2", still)).toBe("found 2");
  expect(asked).toHaveLength(3);
});

test("what nobody waits for any more is not asked for, and a refusal reaches all who wait", async () => {
  const asked: string[][] = [];
  const ask = together<string>(async (ids) => {
    asked.push(ids);
    throw new Error("away");
  }, 10);
  const left = new AbortController();
  void ask("left", left.signal);
  const waits = Promise.allSettled([ask("1", still), ask("2", still)]);
  left.abort();
  expect((await waits).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(asked).toEqual([["1", "2"]]);
});

test.each([
  [[1, 2, 3], 3, [1, 2, 3]],
  [[1, 2, 3], 2, [3, 3]],
  [[1, 2, 3, 4, 5], 2, [6, 9]],
  [[], 4, []],
])("%j in at most %i steps is %j", (values, max, expected) => {
  expect(fewerSteps(values, max)).toEqual(expected);
});
