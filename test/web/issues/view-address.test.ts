import { expect, test } from "vitest";
import { addressOfView } from "../../../src/web/issues/view-address";
import { isEdited, viewOf } from "../../../src/web/issues/view-edits";
import type { View } from "../../../src/web/issues/view-queries";

const view: View = {
  id: "7",
  name: "Checkout",
  query: "level:error",
  querySort: "freq",
  columns: null,
  projects: [2, 1],
  isAllProjects: false,
  environments: ["production"],
  timeFilters: { period: "24h", start: null, end: null, utc: null },
  visibility: "owner",
  starred: true,
  isDefault: false,
  stars: 1,
  mayChange: true,
  createdBy: null,
  lastVisited: null,
  dateCreated: "2026-11-26T12:00:00Z",
  dateUpdated: "2026-11-26T12:00:00Z",
};

test("the address of a view says all of it, and which one it is", () => {
  expect(addressOfView(view)).toEqual({
    project: ["2", "1"],
    environment: ["production"],
    statsPeriod: "24h",
    query: "level:error",
    sort: "freq",
    view: "7",
  });
  expect(viewOf(addressOfView(view))).toEqual({
    query: "level:error",
    querySort: "freq",
    projects: [2, 1],
    environments: ["production"],
    timeFilters: { period: "24h" },
  });
  const ofEverything = { ...view, projects: [], environments: [], query: "", querySort: "" };
  expect(addressOfView(ofEverything)).toEqual({ statsPeriod: "24h", query: "", view: "7" });
  const between = { period: null, start: "2026-11-01", end: null, utc: null };
  expect(viewOf(addressOfView({ ...view, timeFilters: between })).timeFilters).toEqual({
    start: "2026-11-01",
    end: null,
  });
});

test.each([
  ["the same", {}, false],
  ["its projects in another order", { project: ["1", "2"] }, false],
  ["a page further", { cursor: "x" }, false],
  ["another search", { query: "level:fatal" }, true],
  ["another order", { sort: "" }, true],
  ["another environment", { environment: ["production", "staging"] }, true],
  ["another period", { statsPeriod: "7d" }, true],
])("a list with %s is edited: %s", (_, change, expected) => {
  expect(isEdited(view, { ...addressOfView(view), ...change })).toBe(expected);
});
