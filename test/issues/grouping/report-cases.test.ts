import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/protocol/json";
import { type CaseOf, reportCases } from "../../e2e/report-cases";
import { groupedBy, hashesOf } from "./recorded";

const cases = reportCases.filter((each): each is CaseOf<"group"> => each.test === "group");

test("there are cases of both kinds", () => {
  expect(cases.length).toBeGreaterThan(30);
  expect(new Set(cases.map(({ expect: expected }) => expected))).toEqual(
    new Set(["same", "different"]),
  );
});

test.each(cases.map((each) => [`${each.kind}: ${each.name}`, each] as const))(
  "%s",
  (_, { events, expect: expected }) => {
    const [one, two] = events.map((event) => hashesOf(groupedBy(event as JsonObject).g2));
    expect(one?.some((hash) => two?.includes(hash)) ? "same" : "different").toBe(expected);
  },
);
