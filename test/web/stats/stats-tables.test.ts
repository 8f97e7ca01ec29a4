import { describe, expect, test } from "vitest";
import { csvOf, outcomeSeries, projectRows, reasonRows } from "../../../src/web/stats/stats-tables";

const group = (by: Record<string, string | number>, ...values: number[]) => ({
  by,
  totals: { "sum(quantity)": values.reduce((sum, value) => sum + value, 0) },
  series: { "sum(quantity)": values },
});
const stats = {
  start: "2026-01-01T00:00:00Z",
  end: "2026-01-01T02:00:00Z",
  intervals: ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"],
  groups: [
    group({ outcome: "client_discard", reason: "sample_rate" }, 1, 2),
    group({ outcome: "accepted", reason: "" }, 5, 0),
    group({ outcome: "accepted", reason: "truncated" }, 1, 0),
    group({ outcome: "invalid", reason: "=cmd" }, 0, 9),
    group({ outcome: "abuse", reason: "" }, 0, 0),
  ],
};

test("outcomes have one order, so that colours keep their meaning; what did not occur is left out", () => {
  expect(outcomeSeries(stats)).toEqual([
    { label: "accepted", values: [6, 0] },
    { label: "not readable", values: [0, 9] },
    { label: "dropped by SDKs", values: [1, 2] },
  ]);
});

test("reasons, the most frequent first, without what was simply kept", () => {
  expect(reasonRows(stats).map(({ reason, total }) => [reason, total])).toEqual([
    ["=cmd", 9],
    ["sample_rate", 3],
    ["truncated", 1],
  ]);
});

test("by project: kept, and all else", () => {
  const groups = [
    group({ project: 1, outcome: "accepted" }, 3),
    group({ project: 1, outcome: "invalid" }, 1),
    group({ project: 2, outcome: "rate_limited" }, 9),
  ];
  expect(projectRows({ ...stats, groups })).toEqual([
    { project: "2", accepted: 0, refused: 9 },
    { project: "1", accepted: 3, refused: 1 },
  ]);
});

describe("CSV", () => {
  test("has a line for each number, and no cell that a spreadsheet would run", () => {
    expect(csvOf(stats).split("\r\n")).toEqual([
      '"time","outcome","reason","quantity"',
      '"2026-01-01T00:00:00Z","client_discard","sample_rate","1"',
      '"2026-01-01T01:00:00Z","client_discard","sample_rate","2"',
      '"2026-01-01T00:00:00Z","accepted","","5"',
      '"2026-01-01T00:00:00Z","accepted","truncated","1"',
      '"2026-01-01T01:00:00Z","invalid","\'=cmd","9"',
    ]);
  });
});
