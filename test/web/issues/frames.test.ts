import { expect, test } from "vitest";
import { partsOf } from "../../../src/web/issues/event-parts";
import {
  blamedIndex,
  type Frame,
  type FrameRun,
  frameRuns,
  packageOf,
  placeOf,
  stackOf,
} from "../../../src/web/issues/frames";
import { recordedEvent } from "./recorded-event";

const frame = (given: Partial<Frame>): Frame => ({
  function: undefined,
  filename: undefined,
  absPath: undefined,
  module: undefined,
  package: undefined,
  lineNo: undefined,
  colNo: undefined,
  inApp: false,
  context: [],
  vars: [],
  more: [],
  ...given,
});
const own = (name: string) => frame({ function: name, inApp: true });
const other = (name: string, path = "/srv/node_modules/express/lib/router.js") =>
  frame({ function: name, absPath: path });
const spelled = (runs: FrameRun[]) =>
  runs.map((run) => (run.kind === "run" ? `[${run.words}]` : (run.frame.function ?? "")));

const called = [
  other("listen"),
  other("handle"),
  own("route"),
  other("next"),
  own("load"),
  other("query", "node:internal/timers"),
  other("tick", "node:internal/process/task_queues"),
];

test.each<[string, Frame[], Parameters<typeof frameRuns>[1], boolean, string[]]>([
  [
    "the crash is first, runs of others are folded, one alone is not",
    called,
    "app",
    true,
    ["[2 frames of node:internal]", "load", "next", "route", "[2 frames of express]"],
  ],
  [
    "the first call is first where one wants it so",
    called,
    "app",
    false,
    ["[2 frames of express]", "route", "next", "load", "[2 frames of node:internal]"],
  ],
  ["all", called, "all", true, ["tick", "query", "load", "next", "route", "handle", "listen"]],
  [
    "without a frame of one's own the two at the crash and the three at the beginning are seen",
    Array.from({ length: 9 }, (_, index) => other(`f${index}`)),
    "app",
    true,
    ["f8", "f7", "[4 frames of express]", "f2", "f1", "f0"],
  ],
  ["nothing", [], "app", true, []],
  ["a single frame", [other("f")], "app", true, ["f"]],
])("frames: %s", (_, frames, view, isNewestFirst, expected) => {
  expect(spelled(frameRuns(frames, view, isNewestFirst))).toEqual(expected);
});

test("no frame is lost or shown twice, whatever is folded", () => {
  for (const view of ["app", "all", "raw"] as const) {
    const seen = frameRuns(called, view, true).flatMap((run) =>
      run.kind === "run" ? run.frames.map(({ index }) => index) : [run.index],
    );
    expect(seen.toSorted()).toEqual(called.map((_, index) => index));
  }
});

test.each([
  [
    "/srv/app/node_modules/.pnpm/@sentry+core@1/node_modules/@sentry/core/build/index.js",
    "@sentry/core",
  ],
  ["C:\\app\\node_modules\\lodash\\index.js", "lodash"],
  ["node:internal/process/task_queues", "node:internal"],
  ["node:fs", "node:fs"],
  ["/usr/lib/python3.11/site-packages/django/core/handlers/base.py", "django"],
  ["/user/.pyenv/versions/3.11.7/lib/python3.11/logging/__init__.py", "python"],
  ["/var/lib/gems/3.1.0/gems/sentry-ruby-core-5.3.0/lib/sentry/hub.rb", "sentry-ruby-core"],
  ["/srv/vendor/symfony/http-kernel/Kernel.php", "symfony/http-kernel"],
  ["/go/pkg/mod/github.com/gin-gonic/gin@v1.9.1/context.go", "github.com/gin-gonic/gin"],
  ["/srv/app/cart/total.ts", undefined],
])("the package of %s", (absPath, expected) => {
  expect(packageOf(frame({ absPath }))).toBe(expected);
});

test("a package is also known by the module of Java and the image of native code", () => {
  expect(packageOf(frame({ module: "android.os.Handler" }))).toBe("android.os");
  expect(packageOf(frame({ package: "/usr/lib/libc.so.6" }))).toBe("libc.so.6");
});

test("the frame to blame is the last call of one's own code, else the crash", () => {
  expect(blamedIndex(called)).toBe(4);
  expect(blamedIndex([other("a"), other("b")])).toBe(1);
  expect(blamedIndex([])).toBe(-1);
});

test("where a frame is", () => {
  expect(placeOf(frame({ filename: "a.ts", lineNo: 41, colNo: 23 }))).toBe("a.ts:41:23");
  expect(placeOf(frame({ module: "com.shop.Cart", lineNo: 7 }))).toBe("com.shop.Cart:7");
  expect(placeOf(frame({}))).toBe("");
});

test("what is no stack is none, and what is no frame is left out", () => {
  for (const given of [null, undefined, [], "x", { frames: {} }, { frames: null }])
    expect(stackOf(given)).toBeUndefined();
  const stack = stackOf({
    frames: [null, 3, { lineNo: "7", vars: [], context: [[1], "x", [2, "b"]] }],
  });
  expect(stack?.frames).toHaveLength(1);
  expect(stack?.frames[0]).toMatchObject({
    lineNo: undefined,
    inApp: false,
    context: [[2, "b"]],
    vars: [],
  });
});

test("the frames of a recorded event have their source and their locals", () => {
  const [exception] = partsOf(
    recordedEvent("sentry-python-1.45.1-exception-group--event"),
  ).exceptions.slice(-1);
  const [last] = exception?.stack?.frames.slice(-1) ?? [];
  expect(last).toMatchObject({ function: "grp", filename: "cap.py", lineNo: 46, inApp: true });
  expect(last?.context.find(([number]) => number === 46)?.[1]).toContain("ExceptionGroup('many'");
  expect(last?.vars.map(([name]) => name)).toEqual(["e"]);
});
