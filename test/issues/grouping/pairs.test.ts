import { expect, test } from "vitest";
import { pairs } from "./pairs";
import { groupedBy, hashesOf } from "./recorded";

test("there are sixty pairs of bugs", () => {
  expect(pairs.length).toBeGreaterThanOrEqual(60);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
});

test.each(pairs)("two bugs are two issues: %s", (_, one, two) => {
  const hashes = hashesOf(groupedBy(one).g2);
  expect(hashesOf(groupedBy(two).g2).filter((hash) => hashes.includes(hash))).toEqual([]);
});
