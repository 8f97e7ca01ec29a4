import { describe, expect, test } from "vitest";
import type { ListedIssue } from "../../../src/web/issues/list-queries";
import { choicesOf } from "../../../src/web/issues/merge-choice";
import { mergeRefusal } from "../../../src/web/issues/merge-refusal";

const issue = (id: string, firstSeen: string, project = "1") =>
  ({ id, firstSeen, project: { id: project } }) as ListedIssue;
const old = issue("7", "2026-11-01T00:00:00Z");
const young = issue("3", "2026-11-02T00:00:00Z");
const alike = issue("9", "2026-11-02T00:00:00Z");
const foreign = issue("4", "2026-11-02T00:00:00Z", "2");

describe("what cannot be merged", () => {
  test.each([
    ["one issue", ["7"], [old], false, "few"],
    ["all that match, which nobody sees", ["7", "3"], [old, young], true, "many"],
    ["issues of two projects", ["7", "4"], [old, foreign], false, "projects"],
    ["nothing, of two issues of a project", ["7", "3"], [old, young], false, undefined],
    ["nothing, of issues that are not all known", ["7", "3"], [old], false, undefined],
  ])("%s", (_, ids, issues, isAllMatching, why) => {
    expect(mergeRefusal({ ids, issues }, isAllMatching)).toBe(why);
  });
});

test("the oldest is the first to choose from, as the server would choose it", () => {
  const ids = ["9", "3", "7"];
  expect(choicesOf({ ids, issues: [alike, young, old] })).toEqual([old, young, alike]);
});

test("where not all are known, nobody chooses", () => {
  expect(choicesOf({ ids: ["7", "3", "1"], issues: [old, young] })).toEqual([]);
  const many = Array.from({ length: 51 }, (_, n) => issue(String(n), "2026-11-01T00:00:00Z"));
  expect(choicesOf({ ids: many.map(({ id }) => id), issues: many })).toEqual([]);
});
