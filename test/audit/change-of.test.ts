import { expect, test } from "vitest";
import { changeOf } from "../../src/audit/change-of";

test.each([
  ["another value", { a: 1, b: 2 }, { a: 3 }, { a: 1 }, { a: 3 }],
  ["the same value", { a: 1, b: ["x"] }, { a: 1, b: ["x"] }, {}, {}],
  ["a list of other members", { teams: ["x"] }, { teams: [] }, { teams: ["x"] }, { teams: [] }],
  ["what is left out", { a: 1 }, { a: undefined }, {}, {}],
  ["what was not set", {}, { a: 1 }, { a: null }, { a: 1 }],
  ["what is unset", { a: 1 }, { a: null }, { a: 1 }, { a: null }],
  ["what all objects inherit", {}, { toString: 1 }, { toString: null }, { toString: 1 }],
])("%s", (_, was, changes, before, after) => {
  expect(JSON.parse(JSON.stringify(changeOf(was, changes)))).toEqual({ before, after });
});
