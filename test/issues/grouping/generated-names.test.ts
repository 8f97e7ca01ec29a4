import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanName, nameRules } from "../../../src/issues/grouping/generated-names";
import { families } from "../../../src/issues/grouping/rules/family";
import { isMadeUp } from "../../../src/issues/grouping/rules/made-up";
import { dropTheFrame } from "../../../src/issues/grouping/rules/name-rule";

const rows = families.flatMap((family) =>
  nameRules[family].flatMap((rule) =>
    rule.of.map((place) => ({ family, place, rule, title: `${family}, ${place}: ${rule.name}` })),
  ),
);

/** What one rule alone makes of a text. */
function alone(rule: (typeof rows)[number]["rule"], text: string): string {
  const { has, pattern, to = "" } = rule;
  if (has !== undefined && !text.includes(has)) return text;
  if (typeof pattern === "function") return pattern(text);
  if (to !== dropTheFrame) return text.replace(pattern, to);
  return pattern.test(text) ? dropTheFrame : text;
}

describe("each rule", () => {
  const rules = [...new Set(families.flatMap((family) => nameRules[family]))];

  test("has examples and texts that stay", () => {
    expect(rules.length).toBeGreaterThan(50);
    for (const { name, examples, stays } of rules) {
      expect([name, examples.length > 0, stays.length > 0]).toEqual([name, true, true]);
    }
  });

  test.each(rules.map((rule) => [rule.name, rule] as const))(
    "%s does what its row says",
    (_, rule) => {
      expect(rule.examples.map(([text]) => [text, alone(rule, text)])).toEqual(rule.examples);
      expect(rule.stays.map((text) => alone(rule, text))).toEqual(rule.stays);
    },
  );

  test.each(rules.map((rule) => [rule.name, rule] as const))(
    "%s finds nothing left in what it made",
    (_, rule) => {
      for (const [, expected] of rule.examples) {
        if (expected !== dropTheFrame) expect(alone(rule, expected)).toBe(expected);
      }
    },
  );
});

describe("all rules of a platform together", () => {
  test.each(rows.map((row) => [row.title, row] as const))(
    "%s: examples are changed, the others are not",
    (_, { family, place, rule }) => {
      // Where languages are tried one after another, a rule of another one may be first.
      const found = (rules: readonly string[]) =>
        family === "unknown" ? rules.length > 0 : rules.includes(rule.name);
      for (const [text, expected] of rule.examples) {
        if (text === expected) continue;
        const { isDropped, rules } = cleanName(family, place, text);
        expect([text, isDropped, found(rules)]).toEqual([text, expected === dropTheFrame, true]);
      }
    },
  );

  test("a name is remembered as it was found", () => {
    expect(cleanName("php", "function", "class@anonymous/x.php0x7f9697eb2405::run")).toEqual(
      cleanName("php", "function", "class@anonymous/x.php0x7f9697eb2405::run"),
    );
  });
});

test("every hash that Vite, Rollup or webpack makes is no word", () => {
  const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const drawn = (alphabet: string, length: number) =>
    fc
      .array(fc.nat(alphabet.length - 1), { minLength: length, maxLength: length })
      .map((indexes) => indexes.map((index) => alphabet[index]).join(""));
  const missedIn = (alphabet: string, length: number) =>
    fc
      .sample(drawn(alphabet, length), { numRuns: 2000, seed: 7 })
      .filter(
        (hash) =>
          cleanName("javascript", "file", `/assets/index-${hash}.js`).text !==
          "/assets/index-<hash>.js",
      ).length;
  expect(missedIn("0123456789abcdef", 8)).toBeLessThan(15);
  expect(missedIn("0123456789abcdef", 20)).toBe(0);
  expect(missedIn("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 8)).toBe(0);
  expect(missedIn(base64url, 8)).toBeLessThan(40);
});

const words =
  "settings profiles checkout payment invoice customer dashboard analytics notification scheduler translate workspace template component directive middleware controller repository localization authentication authorization subscription registration breadcrumb navigation pagination typeahead datepicker colorpicker fullcalendar websocket geolocation thumbnails backgrounds transitions schedules strengths rhythms".split(
    " ",
  );

test("words of people are no hashes, in whatever case, with a number behind", () => {
  for (const word of words) {
    for (const text of [
      word,
      `${word[0]?.toUpperCase()}${word.slice(1)}`,
      `my${word[0]?.toUpperCase()}${word.slice(1)}`,
      `${word}2`,
      `${word}10`,
    ]) {
      expect([text, isMadeUp(text)]).toEqual([text, false]);
    }
  }
});

test("hostile names end, are bounded and stay what they are", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...families),
      fc.constantFrom("function", "module", "type", "file"),
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc
          .tuple(
            fc.constantFrom(...rows.flatMap(({ rule }) => rule.examples.map(([text]) => text))),
            fc.nat(60),
          )
          .map(([text, times]) => text.repeat(times + 1)),
      ),
      (family, place, text) => {
        const clean = cleanName(family, place, text);
        expect(clean.text.length).toBeLessThanOrEqual(4 * 1024);
        expect(clean.rules.length).toBeLessThanOrEqual(nameRules[family].length);
        expect(cleanName(family, place, text)).toEqual(clean);
      },
    ),
    { numRuns: 300 },
  );
});
