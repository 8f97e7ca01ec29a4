import fc from "fast-check";
import { expect, test } from "vitest";
import { remedies } from "../../../src/protocol/refusals";
import { linesOf } from "../../../src/web/parts/lines";
import { hasArrived, lookAgainMs, waitedWords } from "../../../src/web/projects/listening";
import { limitOf, limitWords } from "../../../src/web/projects/rate-limit";
import { keyOfPrefix, remedyWords, whyRefused } from "../../../src/web/projects/refusal-words";

const minuteMs = 60_000;

test.each([
  [0, 1000],
  [3 * minuteMs - 1, 1000],
  [3 * minuteMs, 5000],
  [13 * minuteMs, 30_000],
])("who has waited %d ms looks again after %d ms", (waitedMs, expected) => {
  expect(lookAgainMs(waitedMs)).toBe(expected);
});

const seen = { id: "1", lastSeen: "2026-01-01T00:00:00Z", count: "1" };
test.each([
  ["before the first look", undefined, seen, false],
  ["nothing there", null, null, false],
  ["the first one", null, seen, true],
  ["the same", seen, { ...seen }, false],
  ["one more of it", seen, { ...seen, count: "2" }, true],
  ["another issue", seen, { ...seen, id: "2" }, true],
  ["it was deleted", seen, null, false],
])("arrived? %s", (_, before, now, expected) => {
  expect(hasArrived(before, now)).toBe(expected);
});

test.each([
  [0, "0:00"],
  [102_999, "1:42"],
  [3_600_000, "60:00"],
  [-5, "0:00"],
])("%d ms of waiting are %s", (ms, words) => {
  expect(waitedWords(ms)).toBe(words);
});

test.each([
  [null, "Default limit"],
  [{ window: 0, count: 0 }, "Default limit"],
  [{ window: 60, count: 1000 }, "1,000 events a minute"],
  [{ window: 3600, count: 1 }, "1 event an hour"],
  [{ window: 90, count: 5 }, "5 events in 90 seconds"],
])("a limit of %j is said as %s", (limit, words) => {
  expect(limitWords(limit)).toBe(words);
});

test("an empty number is no limit", () => {
  expect(limitOf(" ", "60")).toBeNull();
  expect(limitOf("10", "3600")).toEqual({ count: 10, window: 3600 });
});

test("lines are taken once, without blanks, up to a number", () => {
  expect(linesOf(" a \n\n b\na\nc", 2)).toEqual(["a", "b"]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const lines = linesOf(text, 10);
      expect(lines.length).toBeLessThanOrEqual(10);
      expect(lines.every((line) => line !== "" && line === line.trim())).toBe(true);
    }),
  );
});

const refusal = {
  reason: "origin" as const,
  remedy: "allow_origin" as const,
  keyPrefix: "ab12cd34",
  origin: "http://localhost:3000",
  count: 3,
  lastMinute: "2026-01-01T00:00:00Z",
};

test("every reason that the server knows is a sentence with its number, and every remedy has words", () => {
  for (const [reason, remedy] of Object.entries(remedies)) {
    const words = whyRefused({ ...refusal, reason: reason as keyof typeof remedies, remedy });
    expect(words).toMatch(/^3 requests\b.*\.$/);
    expect(words).not.toContain("{");
    expect(remedyWords[remedy]).toMatch(/\.$/);
  }
});

test("an origin is said as it came, also with braces in it", () => {
  expect(whyRefused({ ...refusal, origin: "http://{key}" })).toContain("pages of http://{key},");
});

test("the key of a refusal is found by its first digits", () => {
  const keys = [
    { public: "00000000-0000-4000-8000-000000000000" },
    { public: "ab12cd34-5e6f-4000-8000-000000000000" },
  ];
  expect(keyOfPrefix(keys, "ab12cd34")).toBe(keys[1]);
  expect(keyOfPrefix(keys, "ffffffff")).toBeUndefined();
  expect(keyOfPrefix(keys, null)).toBeUndefined();
});
