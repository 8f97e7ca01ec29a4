import { expect, test } from "vitest";
import { entriesOf, isBranch, leafText } from "../../../src/protocol/tree-values";
import { previewOf, shortText } from "../../../src/web/issues/tree-nodes";

test.each<[unknown, string]>([
  [{ sku: "MUG-03", count: 1 }, "{sku: MUG-03, count: 1}"],
  [[1, "two", null, { a: 1 }, [1]], "[1, two, null, {…}, […]]"],
  [[1, 2, 3, 4, 5, 6], "[1, 2, 3, 4, 5, …]"],
  [{ a: "x".repeat(100) }, `{a: ${"x".repeat(30)}}`],
])("%j in a line", (value, expected) => {
  expect(previewOf(value)).toBe(expected);
});

test("a line of a huge value is short", () => {
  const huge = { ["k".repeat(10_000)]: "v".repeat(1_000_000), other: Array(100_000).fill("x") };
  expect(previewOf(huge).length).toBeLessThan(120);
});

test("only what has members opens", () => {
  expect([{}, [], null, "x", 3, true, undefined].map(isBranch)).toEqual(Array(7).fill(false));
  expect([{ a: 1 }, [0]].map(isBranch)).toEqual([true, true]);
});

test("members keep their order; a name of the prototype is one of them", () => {
  expect(entriesOf(JSON.parse('{"b":1,"__proto__":2}'))).toEqual([
    ["b", 1],
    ["__proto__", 2],
  ]);
  expect(entriesOf(["x"])).toEqual([["0", "x"]]);
  expect(entriesOf("x")).toEqual([]);
});

test("leaves are written as they were sent; a long one is cut", () => {
  expect([null, true, 1.5, "'x'", {}].map(leafText)).toEqual(["null", "true", "1.5", "'x'", "{}"]);
  expect(shortText("x".repeat(1_000_000))).toEqual({ text: "x".repeat(5000), rest: 995_000 });
});
