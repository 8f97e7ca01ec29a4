import fc from "fast-check";
import { expect, test } from "vitest";
import { type Combination, planRegroup } from "../../src/issues/plan-regroup";

const of = (issueId: number, count: number, ...hashes: string[]): Combination => ({
  issueId,
  count,
  hashes,
});
const none = new Map<string, number>();
const planned = (combinations: Combination[], merged = none) =>
  planRegroup(combinations, merged).groups.map(({ hash, issueId, count }) => [
    hash,
    issueId,
    count,
  ]);

test.each<[what: string, combinations: Combination[], groups: unknown[]]>([
  ["two issues become one, which is the larger", [of(1, 2, "a"), of(2, 3, "a")], [["a", 2, 5]]],
  [
    "an issue becomes two, and stays the larger",
    [of(1, 2, "a"), of(1, 3, "b")],
    [
      ["a", undefined, 2],
      ["b", 1, 3],
    ],
  ],
  [
    "an issue is one group's alone; another takes the issue that it has most of besides",
    [of(1, 9, "a"), of(1, 5, "b"), of(2, 4, "b")],
    [
      ["a", 1, 9],
      ["b", 2, 9],
    ],
  ],
  [
    "a hash that leads nowhere follows the newest of the others that does",
    [of(1, 1, "a", "x"), of(2, 1, "b", "y"), of(3, 1, "c", "x", "y"), of(3, 1, "c", "x")],
    [
      ["a", 1, 1],
      ["b", 3, 3],
    ],
  ],
  ["of equal shares the older issue stays", [of(2, 1, "a"), of(1, 1, "a")], [["a", 1, 2]]],
])("%s", (_, combinations, groups) => expect(planned(combinations)).toEqual(groups));

test("what people put together stays together, in the issue that they chose", () => {
  const merged = new Map([
    ["a", 7],
    ["b", 7],
  ]);
  expect(planned([of(7, 1, "b"), of(3, 8, "a"), of(7, 5, "c")], merged)).toEqual([
    ["a", 7, 9],
    ["c", undefined, 5],
  ]);
});

const combination = fc.record({
  issueId: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 5 }),
  hashes: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 3 }),
});

test("every event is of one group, each hash leads to one, and no issue is two", () => {
  fc.assert(
    fc.property(fc.array(combination, { maxLength: 12 }), (combinations) => {
      const { groups, groupOf } = planRegroup(combinations, none);
      const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
      expect(sum(groups.map(({ count }) => count))).toBe(
        sum(combinations.map(({ count }) => count)),
      );
      const hashes = groups.flatMap((group) => group.hashes);
      expect(new Set(hashes).size).toBe(hashes.length);
      const issues = groups.flatMap(({ issueId }) => issueId ?? []);
      expect(new Set(issues).size).toBe(issues.length);
      for (const [at, { hashes: own }] of combinations.entries()) {
        expect(groups.findIndex((group) => group.hashes.includes(own[0] ?? ""))).toBe(groupOf[at]);
      }
    }),
  );
});
