import fc from "fast-check";
import { expect, test } from "vitest";
import { parameterize } from "../../../src/issues/grouping/parameterize";

test.each([
  ["Could not load cart 4711 for user ada", "Could not load cart <num> for user ada"],
  [
    "Request 3fa85f64-5717-4562-b3fc-2c963f66afa6 timed out after 30000ms",
    "Request <uuid> timed out after <num>",
  ],
  ["GET https://api.example.com/v1/carts/42?x=1 failed with 503", "GET <url> failed with <num>"],
  ["Connection to 10.0.3.17:5432 refused", "Connection to <ip> refused"],
  ["Key (id)=(99123) already exists", "Key (id)=(<num>) already exists"],
  [
    "Cannot read properties of null (reading 'foo')",
    "Cannot read properties of null (reading 'foo')",
  ],
  [
    "Loading chunk 37 failed. (error: https://x/37.abc.js)",
    "Loading chunk <num> failed. (error: <url>)",
  ],
  ["[Errno 2] nope", "[Errno <num>] nope"],
  ["mail to ada@example.com bounced", "mail to <email> bounced"],
  ["at 2026-11-22T02:05:20.123Z and 2026-11-22", "at <date> and <date>"],
  ["started 12:30:05", "started <time>"],
  ["peer fe80::1:2 and ::1", "peer <ip> and <ip>"],
  ["at 0xDEADBEEF in 5d41402abc4b2a76b9719d911017c592", "at <hex> in <hex>"],
  ["HTTP404 for order_99123, -5 %, 1,234.5 kB", "HTTP<num> for order_<num>, <num> %, <num> kB"],
  ["took 12.5s, 3kb, 99%", "took <num>, <num>, <num>"],
  ["\n\n  first line  \nsecond", "first line"],
  ["std::vector and utf8", "std::vector and utf8"],
  ["", ""],
])("%j → %j", (text, expected) => {
  expect(parameterize(text)).toBe(expected);
});

test("numbers do not split, quoted names do", () => {
  expect(parameterize("user 1 not found")).toBe(parameterize("user 23456 not found"));
  expect(parameterize("reading 'foo'")).not.toBe(parameterize("reading 'bar'"));
});

test("any number in any place gives the same text", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.constantFrom("cart % failed", "(%)", "id=% x", "% items", "after %ms"),
      (a, b, template) => {
        expect(parameterize(template.replace("%", String(a)))).toBe(
          parameterize(template.replace("%", String(b))),
        );
      },
    ),
  );
});

test("the answer is stable, bounded and has one line, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 9000, unit: "binary" }), (text) => {
      const once = parameterize(text);
      expect(once.length).toBeLessThanOrEqual(200);
      expect(once).not.toMatch(/[\r\n]/);
      expect(parameterize(text)).toBe(once);
    }),
  );
});

// Steps, not time: doubling hostile input must not square the work, which shows as a hang of the whole run.
test.each([
  "a".repeat(8000),
  "1.".repeat(4000),
  "a@".repeat(4000),
  ":::".repeat(2700),
  "a://".repeat(2000),
  "0".repeat(8000),
  `${"a-".repeat(4000)}@`,
])("hostile text ends", (text) => {
  for (let round = 0; round < 200; round++) parameterize(text);
  expect(parameterize(text).length).toBeLessThanOrEqual(200);
});
