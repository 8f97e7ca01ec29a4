import fc from "fast-check";
import { expect, test } from "vitest";
import { globCharsMax, matchesGlob, parseGlob } from "../../src/protocol/glob";

const plenty = () => ({ left: 1_000_000 });

function matches(pattern: string, text: string): boolean {
  const glob = parseGlob(pattern);
  if (typeof glob === "string") throw new Error(glob);
  return matchesGlob(glob, text.toLowerCase(), plenty());
}

test.each<[pattern: string, hits: string[], misses: string[]]>([
  ["TypeError", ["TypeError", "typeerror"], ["TypeErrors", "aTypeError", ""]],
  ["", [""], ["a"]],
  ["*", ["", "a", "a\nb"], []],
  ["a*", ["a", "ab"], ["ba", ""]],
  ["*a", ["a", "ba"], ["ab"]],
  ["a*a", ["aa", "aba"], ["a", "ab"]],
  ["*out of*stock*", ["out of stock", "it is OUT OF the stock!"], ["stock out of"]],
  ["v?.1", ["v1.1", "vx.1"], ["v.1", "v12.1"]],
  ["*?b", ["ab", "xxab"], ["b"]],
  ["*[0-9]x*", ["a1x", "9xy"], ["ax", "1 x"]],
  ["[!a-c]1", ["d1"], ["a1", "b1", "1"]],
  ["[]]", ["]"], ["["]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[!]", ["!"], ["a"]],
  ["\\*", ["*"], ["a"]],
  ["a\\", ["a\\"], ["a"]],
  ["\\[x\\]", ["[x]"], ["x"]],
  ["{a,b*}c", ["ac", "bc", "bxc"], ["c", "abc"]],
  ["1.{0,1}.{0,1}", ["1.0.0", "1.1.0", "1.1.1"], ["1.2.0"]],
  ["{a\\,b,c}", ["a,b", "c"], ["a", "b"]],
  ["\\{a,b}", ["{a,b}"], ["a"]],
  ["a{,b}", ["a", "ab"], ["abb"]],
])("%s", (pattern, hits, misses) => {
  expect(hits.filter((text) => !matches(pattern, text))).toEqual([]);
  expect(misses.filter((text) => matches(pattern, text))).toEqual([]);
});

test.each([
  ["{a,b", "has a { that is not closed"],
  ["[a", "has a [ that is not closed"],
  ["{a,{b}}", "has braces within braces"],
  ["{a,b}{a,b}{a,b}{a,b}{a,b}", "has more than 20 alternatives"],
  ["a".repeat(globCharsMax + 1), "is longer than 500 characters"],
])("%s is no pattern", (pattern, words) => {
  expect(parseGlob(pattern)).toBe(words);
});

/** The meaning of the pattern in the fewest words, at any price. */
function means(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("*")) {
    return means(pattern.slice(1), text) || (text !== "" && means(pattern, text.slice(1)));
  }
  const isFirst = text !== "" && (pattern.startsWith("?") || pattern[0] === text[0]);
  return isFirst && means(pattern.slice(1), text.slice(1));
}

test("a pattern matches what it means, whatever it consists of", () => {
  const of = (...letters: string[]) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((chars) => chars.join(""));
  fc.assert(
    fc.property(of("a", "b", "*", "?"), of("a", "b"), (pattern, text) => {
      expect(matches(pattern, text)).toBe(means(pattern, text));
    }),
    { numRuns: 2000 },
  );
});

test("no text is too odd for the parser", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.string(), (pattern, text) => {
      const glob = parseGlob(pattern);
      const answer = typeof glob === "string" ? false : matchesGlob(glob, text, plenty());
      expect(answer).toBeTypeOf("boolean");
    }),
  );
});

test("a pattern that would match costs no more steps than there are left", () => {
  const glob = parseGlob(`*${"[a]".repeat(100)}*`);
  if (typeof glob === "string") throw new Error(glob);
  const text = `${"a".repeat(99)}b`.repeat(20);
  const steps = { left: 5000 };
  expect(matchesGlob(glob, text + "a".repeat(100), steps)).toBe(false);
  expect(steps.left).toBeGreaterThanOrEqual(-1);
  expect(matchesGlob(glob, text + "a".repeat(100), plenty())).toBe(true);
});
