import { expect, test } from "vitest";
import { changesOf } from "../../../src/web/orgs/audit-changes";

test("what was and what is stand beside each other, what stayed is left out", () => {
  const data = {
    before: { name: "A", role: "member", same: 1 },
    after: { name: "B", role: "owner", same: 1 },
  };
  expect(changesOf(data)).toEqual([
    { name: "name", before: "A", after: "B" },
    { name: "role", before: "member", after: "owner" },
  ]);
});

test("other members are shown as they were written down, and long ones are cut", () => {
  expect(changesOf({ team: "core", list: [1, 2] })).toEqual([
    { name: "team", before: undefined, after: "core" },
    { name: "list", before: undefined, after: "[1,2]" },
  ]);
  expect(changesOf({ text: "x".repeat(1000) })[0]?.after).toHaveLength(301);
  expect(changesOf(JSON.parse('{"before":{"__proto__":"x"},"after":null}'))).toEqual([
    { name: "__proto__", before: "x", after: undefined },
  ]);
});
