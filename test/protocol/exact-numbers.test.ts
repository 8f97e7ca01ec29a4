import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withExactNumbers } from "../../src/protocol/exact-numbers";
import { parseJson } from "../../src/protocol/json";

const exactly = (json: string) => JSON.parse(withExactNumbers(json, "all"));

describe("a number that no double holds is a text with its digits", () => {
  test.each(
    "315318734258499231 -315318734258499231 9007199254740992 9007199254740993 18446744073709551615 -0 -0.0 -0e5 12345678901234567.89 1e400 -1E+400 100000000000000000000000 123456789012345678901234567890".split(
      " ",
    ),
  )("%s", (number) => {
    expect(exactly(`[${number}]`)).toEqual([number]);
    expect(exactly(`{"a": ${number} ,"b":{"c":${number}}}`)).toEqual({
      a: number,
      b: { c: number },
    });
  });

  test("of a hundred thousand digits", () => {
    const number = "7".repeat(100_000);
    expect(parseJson(`{"a":${number}}`)).toEqual({ a: number });
  });
});

test.each(
  "0 1 -1 42 1.5 -0.5 0.0 9007199254740991 -9007199254740991 1e21 1.7e308 -1.5E-300 0.1234567890123456789 1795312976.487123456 999999999999999".split(
    " ",
  ),
)("%s stays a number", (number) => {
  const json = `[${number}, {"a":${number}}]`;
  expect(withExactNumbers(json, "all")).toBe(json);
});

test.each([
  '["12345678901234567890"]',
  '["\\" 12345678901234567890, -0, 1e400"]',
  '{"a\\\\":"-0","12345678901234567890":1}',
  "{12345678901234567890:1}",
  "[012345678901234567890]",
  "[1234567890-1234567890]",
  "[-]",
  '["12345678901234567890',
  "12345678901234567890 :",
])("%s is left as it is", (json) => {
  expect(withExactNumbers(json, "all")).toBe(json);
});

test("ids and zeros are found without being asked for, wherever they are", () => {
  const digits = fc.string({
    unit: fc.constantFrom(..."0123456789".split("")),
    minLength: 16,
    maxLength: 40,
  });
  const lead = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(lead, digits, (text, tail) => {
      const id = `9${tail}`;
      const sent = `{"lead":${JSON.stringify(text)},"id":${id},"zero":-0}`;
      expect(parseJson(sent)).toEqual({ lead: text, id, zero: "-0" });
      expect(parseJson(`{"lead":${JSON.stringify(text)},"zero": -0.0\n}`)).toHaveProperty(
        "zero",
        "-0.0",
      );
    }),
  );
});

test("all other JSON comes out as the parser makes it", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const parsed = JSON.parse(json);
      const isOdd = (value: unknown): boolean =>
        typeof value === "number"
          ? Object.is(value, -0) ||
            (Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21)
          : typeof value === "object" && value !== null && Object.values(value).some(isOdd);
      fc.pre(!isOdd(parsed));
      expect(exactly(json)).toEqual(parsed);
      expect(parseJson(json)).toEqual(parsed);
    }),
  );
});

// Each could make a reader begin again at every character.
test.each([
  ["zeros with signs", "[-0"],
  ["fractions of them", ",-0."],
  ["digits", "1234567890123456"],
  ["exponents", "1e400"],
  ["quotes", '\\"'],
  ["backslashes", "\\"],
  ["blanks behind a number", "                  "],
])("half a megabyte of %s is read once", (_, part) => {
  for (const text of [
    part.repeat(30_000),
    `["${part.repeat(30_000)}`,
    `[-0${part.repeat(30_000)}`,
  ]) {
    expect(typeof withExactNumbers(text, "all")).toBe("string");
    expect(typeof withExactNumbers(text, "likely")).toBe("string");
  }
});
