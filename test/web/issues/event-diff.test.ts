import fc from "fast-check";
import { expect, test } from "vitest";
import { flat, pairsDiff } from "../../../src/protocol/pairs-diff";
import { eventDiff, framesDiff } from "../../../src/web/issues/event-diff";
import { stackOf } from "../../../src/web/issues/frames";
import { recordedEvent } from "./recorded-event";

const changed = <T extends { kind: string }>(pairs: T[]) =>
  pairs.filter(({ kind }) => kind !== "same");

test("an event and itself say the same", () => {
  const event = recordedEvent("sentry-node-11.12.0-aggregate-error--event");
  const found = eventDiff(event, event);
  const { exceptions, ...pairs } = found;
  expect(Object.values(pairs).flatMap(changed)).toEqual([]);
  expect(
    exceptions.flatMap(({ title, frames }) => [...changed([title]), ...changed(frames)]),
  ).toEqual([]);
  expect(exceptions.flatMap(({ frames }) => frames)).toHaveLength(16);
});

test("of two recorded events exactly what was changed is found", () => {
  const before = recordedEvent("sentry-python-1.45.1-exception--event");
  const after = structuredClone(before);
  after.tags = after.tags.map((tag) =>
    tag.key === "release" ? { ...tag, value: "my-app@2" } : tag,
  );
  after.tags.push({ key: "plan", value: "pro" });
  after.contexts = { ...after.contexts, order: { id: 100, nested: { x: 1 } } };
  const [, last] = after.entries.flatMap(({ type, data }) =>
    type === "exception"
      ? (data["values"] as {
          stacktrace: { frames: { vars: Record<string, unknown>; lineNo: number }[] };
        }[])
      : [],
  );
  const [frame] = last?.stacktrace.frames.slice(-1) ?? [];
  if (!frame) throw new Error("the record has no frame");
  frame.vars = { ...frame.vars, added: "1" };
  const found = eventDiff(before, after);
  expect(changed(found.tags)).toEqual([
    { name: "plan", kind: "added", before: undefined, after: "pro" },
    { name: "release", kind: "changed", before: "my-app@1.2.3", after: "my-app@2" },
  ]);
  expect(changed(found.contexts).map(({ name }) => name)).toContain("order.id");
  const frames = found.exceptions.flatMap((one) => changed(one.frames));
  expect(frames.flatMap(({ changes }) => changes)).toEqual([
    { name: "added", kind: "added", before: undefined, after: "1" },
  ]);
  expect(
    [found.facts, found.user, found.request, found.extra, found.packages].flatMap(changed),
  ).toEqual([]);
});

const stack = (...names: string[]) =>
  stackOf({ frames: names.map((name) => ({ function: name, filename: "a.ts" })) })?.frames ?? [];

test("frames are aligned, the crash first", () => {
  const rows = framesDiff(stack("main", "route", "load"), stack("main", "retry", "route", "save"));
  expect(rows.map(({ kind, before, after }) => `${kind} ${(before ?? after)?.function}`)).toEqual([
    "removed load",
    "added save",
    "same route",
    "added retry",
    "same main",
  ]);
});

test("aligned frames are all frames of both, whatever they are", () => {
  const names = fc.array(fc.constantFrom("a", "b", "c", "__proto__"), { maxLength: 12 });
  fc.assert(
    fc.property(names, names, (before, after) => {
      const rows = framesDiff(stack(...before), stack(...after));
      const side = (which: "before" | "after") =>
        rows.flatMap((row) => row[which]?.function ?? []).toReversed();
      expect(side("before")).toEqual(before);
      expect(side("after")).toEqual(after);
    }),
  );
});

test("leaves are named by their path, and names of strangers are names", () => {
  expect(flat({ os: { name: "Linux" }, list: [1, { a: null, b: true }], empty: {} })).toEqual([
    ["os.name", "Linux"],
    ["list[0]", "1"],
    ["list[1].b", "true"],
    ["empty", "{}"],
  ]);
  expect(flat(JSON.parse('{"__proto__": {"polluted": 1}}'))).toEqual([["__proto__.polluted", "1"]]);
  expect(flat(null)).toEqual([]);
  const deep = JSON.parse(`${'{"a":'.repeat(500)}1${"}".repeat(500)}`) as object;
  expect(flat(deep)).toHaveLength(1);
  expect(flat(Array.from({ length: 10_000 }, (_, index) => index))).toHaveLength(2000);
});

test("a name of the prototype is compared like others", () => {
  expect(pairsDiff([["constructor", "1"]], [["toString", "2"]])).toEqual([
    { name: "constructor", kind: "removed", before: "1", after: undefined },
    { name: "toString", kind: "added", before: undefined, after: "2" },
  ]);
});
