import { describe, expect, test } from "vitest";
import { pauseAfterFailureMs, pauseMs } from "../../../src/web/api/live";
import { issueListPath } from "../../../src/web/first-requests";
import { curlCommand } from "../../../src/web/issues/curl-command";
import { glanceAt } from "../../../src/web/issues/glance";
import {
  arrivals,
  headingOf,
  nothingYet,
  placeOfIssue,
  rowsOf,
  stretchOf,
} from "../../../src/web/issues/list-rows";
import {
  afterLeaving,
  extendTo,
  moved,
  nothing,
  placeOf,
  selectAll,
  start,
  stillThere,
  toggle,
} from "../../../src/web/issues/list-selection";
import type { Status } from "../../../src/web/issues/search-terms";
import { seenRows } from "../../../src/web/issues/seen-rows";

const row = (id: string, status: Status = "unresolved") => ({ id, status });
const open: ReadonlySet<Status> = new Set(["unresolved"]);

describe("rows", () => {
  test("an issue that stands on two pages, because it moved between them, is shown once", () => {
    const pages = [{ rows: [row("1"), row("2")] }, { rows: [row("2"), row("3")] }];
    expect(rowsOf(pages, open, new Set()).map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  test("what the search no longer finds is gone, but for a moment on its way out", () => {
    const pages = [{ rows: [row("1", "resolved"), row("2", "ignored"), row("3")] }];
    expect(rowsOf(pages, open, new Set(["2"])).map(({ id }) => id)).toEqual(["2", "3"]);
  });

  test.each([
    [["1", "2"], ["1", "2"], 0],
    [["1", "2"], ["9", "1", "2"], 1],
    [["1", "2"], ["9", "2", "8", "1"], 2],
    // Those behind are not new: they moved up because others left.
    [["1", "2"], ["1", "2", "3", "4"], 0],
    [["1", "2"], ["7", "8", "9"], 3],
    [[], ["7"], 1],
    [[], [], 0],
  ])("of %j, %j has %i that came", (known, now, expected) => {
    expect(arrivals(new Set(known), now)).toBe(expected);
  });
});

test.each([
  // Scrolled, window, row, all: the first and the one after the last.
  [0, 560, 56, 1000, 0, 16],
  [5600, 560, 56, 1000, 94, 116],
  [-300, 560, 56, 1000, 0, 11],
  [1e9, 560, 56, 1000, 999, 1000],
  [0, 560, 56, 3, 0, 3],
  [0, 560, 56, 0, 0, 0],
  [0, 50_000, 40, 10_000, 0, 59],
])(
  "scrolled by %i in a window of %i with rows of %i, of %i those from %i to %i are in the page",
  (scrolled, height, rowHeight, count, start, end) => {
    expect(seenRows(scrolled, height, rowHeight, count)).toEqual({ start, end });
  },
);

describe("selection", () => {
  const rows = ["a", "b", "c", "d"];
  test("a click and a click with shift choose all between, both ways", () => {
    const one = toggle(nothing, "c");
    expect([...extendTo(one, rows, "a").ids].toSorted()).toEqual(["a", "b", "c"]);
    expect([...extendTo(one, rows, "d").ids].toSorted()).toEqual(["c", "d"]);
  });
  test("all that are here first, all that match the second time", () => {
    const here = selectAll(nothing, rows);
    expect([here.ids.size, here.isAllMatching]).toEqual([4, false]);
    expect(selectAll(here, rows).isAllMatching).toBe(true);
    // More were loaded between the two.
    expect(selectAll(here, [...rows, "e"]).isAllMatching).toBe(true);
    expect(toggle(selectAll(here, rows), "a").isAllMatching).toBe(false);
  });
  test("what left the list is not chosen any more; all that match takes in what was loaded since", () => {
    const two = toggle(toggle(nothing, "a"), "b");
    const loaded = new Set(["a", "b", "c"]);
    expect([...stillThere(two, ["b", "c"], loaded).ids]).toEqual(["b"]);
    expect(stillThere(two, ["c"], loaded)).toBe(nothing);
    const all = selectAll(selectAll(nothing, ["a"]), ["a"]);
    expect([...stillThere(all, ["a", "b"], new Set(["a", "b"])).ids]).toEqual(["a", "b"]);
  });
});

test("what is chosen on a page that was let go of stays chosen", () => {
  const two = toggle(toggle(nothing, "a"), "b");
  expect([...stillThere(two, ["c", "d"], new Set(["b", "c", "d"])).ids]).toEqual(["a"]);
});

describe("pages that were let go of keep their room", () => {
  const whole = stretchOf(nothingYet, "", ["a", "b", "c", "d"]);
  test("so many rows as there were before the one that is now the first", () => {
    expect(whole.room).toBe(0);
    expect(stretchOf(whole, "second", ["c", "d", "e"])).toMatchObject({ room: 2 });
  });
  test("rows that leave from the top, or that are the same, change nothing of it", () => {
    const cut = stretchOf(whole, "second", ["c", "d", "e"]);
    expect(stretchOf(cut, "second", ["d", "e"])).toMatchObject({ room: 2 });
    expect(stretchOf(cut, "second", ["c", "d", "e"])).toMatchObject({ room: 2 });
  });
  test("when they come back they take it again, and the first page has none before it", () => {
    const cut = stretchOf(stretchOf(whole, "third", ["d", "e"]), "third", ["d", "e"]);
    expect(cut.room).toBe(3);
    expect(stretchOf(cut, "second", ["c", "d", "e"])).toMatchObject({ room: 2 });
    expect(stretchOf(cut, "other", ["x", "y", "z", "w", "d"])).toMatchObject({ room: 0 });
    expect(stretchOf(cut, "", ["new", "a", "b"])).toMatchObject({ room: 0 });
  });
});

describe("where one is", () => {
  const rows = ["a", "b", "c"];
  test("moves from the first to the last row and not beyond", () => {
    const first = moved(start, rows, 1);
    expect(first.id).toBe("a");
    expect(moved(first, rows, -1).id).toBe("a");
    expect(moved({ id: "c", index: 2 }, rows, 1).id).toBe("c");
    expect(moved(start, [], 1).id).toBeUndefined();
  });
  test("goes on with the next that stays, else the one before", () => {
    const at = { id: "b", index: 1 };
    expect(afterLeaving(at, rows, new Set(["b"])).id).toBe("c");
    expect(afterLeaving(at, rows, new Set(["b", "c"])).id).toBe("a");
    expect(afterLeaving(at, rows, new Set(rows)).id).toBeUndefined();
    expect(afterLeaving(start, rows, new Set(["a"]))).toBe(start);
  });
  test("stays at its place when somebody else's change took the issue away", () => {
    expect(placeOf({ id: "x", index: 1 }, rows)).toBe(1);
    expect(placeOf({ id: "x", index: 9 }, rows)).toBe(2);
    expect(placeOf(start, rows)).toBe(-1);
  });
});

test.each([
  [
    { title: "E: m", metadata: { type: "E", value: "m" } },
    { type: "E", text: "m" },
  ],
  [
    { title: "E", metadata: { type: "E" } },
    { type: "E", text: "" },
  ],
  [
    { title: "only words", metadata: {} },
    { type: undefined, text: "only words" },
  ],
  [
    { title: "x".repeat(1e6), metadata: {} },
    { type: undefined, text: `${"x".repeat(300)}…` },
  ],
])("%o is headed as %o", (issue, expected) => {
  expect(headingOf(issue)).toEqual(expected);
});

test.each([
  [{ culprit: "f(a.ts)", metadata: { filename: "a.ts", function: "f" } }, "a.ts in f"],
  [{ culprit: "GET /", metadata: { filename: "a.ts" } }, "GET /"],
])("%o happened at %s", (issue, expected) => {
  expect(placeOfIssue(issue)).toBe(expected);
});

test("a glance shows the program's own frames, the failing one first, and the last breadcrumbs", () => {
  const frame = (name: string, inApp: boolean) => ({
    function: name,
    filename: "a.ts",
    lineNo: 7,
    inApp,
    context: [
      [6, "before"],
      [7, "  fail();"],
    ],
  });
  const values = [
    { stacktrace: { frames: [frame("main", true), frame("lib", false), frame("fail", true)] } },
  ];
  const crumbs = Array.from({ length: 9 }, (_, index) => ({
    category: "ui",
    message: `click ${index}`,
  }));
  expect(
    glanceAt([
      { type: "exception", data: { values } },
      {
        type: "breadcrumbs",
        data: {
          values: [
            ...crumbs,
            { type: "http", data: { method: "GET", url: "/x", status_code: 500 } },
          ],
        },
      },
    ]),
  ).toEqual({
    frames: ["fail", "main"].map((name) => ({ name, place: "a.ts:7", line: "fail();" })),
    crumbs: [
      ...[5, 6, 7, 8].map((index) => ({ at: undefined, category: "ui", text: `click ${index}` })),
      { at: undefined, category: "http", text: "GET /x 500" },
    ],
  });
});

test.each([
  [[]],
  [[{ type: "exception", data: null }]],
  [
    [
      {
        type: "exception",
        data: { values: [null, "x", { stacktrace: { frames: { length: 3 } } }] },
      },
    ],
  ],
  [[{ type: "breadcrumbs", data: { values: "no list" } }]],
])("a glance at %j is empty and no error", (entries) => {
  expect(glanceAt(entries)).toEqual({ frames: [], crumbs: [] });
});

test.each([
  [0, 2000],
  [59_999, 2000],
  [60_000, 5000],
  [659_999, 5000],
  [660_000, 30_000],
])("%i ms after somebody did something the next look is in %i ms", (since, expected) => {
  expect(pauseMs(since)).toBe(expected);
});

test("after failures a page waits longer and longer, as long as the server asks, and never more than a minute", () => {
  expect([1, 2, 5, 9, 1e6].map((count) => pauseAfterFailureMs(count, 0))).toEqual([
    2000, 4000, 32_000, 60_000, 60_000,
  ]);
  expect(pauseAfterFailureMs(1, 10)).toBe(10_000);
});

test("a command for a shell cannot be left by what stands in a search", () => {
  const path = issueListPath("acme", "?query=it's $(rm -rf) `x`");
  expect(curlCommand("https://e.example", path)).toBe(
    `curl -H "Authorization: Bearer $TOKEN" 'https://e.example/api/0/organizations/acme/issues/?query=it%27s+%24%28rm+-rf%29+%60x%60&statsPeriod=14d'`,
  );
  expect(curlCommand("https://e.example", "/'; id")).toContain(`'https://e.example/'\\''; id'`);
});
