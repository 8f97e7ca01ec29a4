import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPath, parsePathGlob, plainPath } from "../../src/protocol/path-glob";

function matches(pattern: string, path: string, left = 1_000_000): boolean {
  const glob = parsePathGlob(pattern);
  if (typeof glob === "string") throw new Error(glob);
  return matchesPath(glob, plainPath(path), { left });
}

test.each<[pattern: string, hits: string[], misses: string[]]>([
  ["src/a.js", ["src/a.js", "SRC/A.JS", "src\\a.js"], ["x/src/a.js", "src/a.jsx"]],
  ["src/*.js", ["src/a.js", "src/.js"], ["src/x/a.js", "src/a.ts"]],
  ["src/**.js", ["src/a.js", "src/x/y/a.js"], ["lib/a.js"]],
  ["**/utils/*.js", ["app/utils/a.js", "utils/a.js", "/utils/a.js"], ["app/utils/x/a.js"]],
  ["**/node_modules/**", ["node_modules/x/y.js", "a/node_modules/x"], ["node_modules.js"]],
  ["**/a*b/c", ["x/aXb/c", "a/b/a/aab/c"], ["a1/x/b/c"]],
  ["**/*.{c,h}", ["a.c", "x/y.h"], ["a.cc"]],
  ["**/libcurl.so", ["/usr/lib/libcurl.so", "libcurl.so"], ["libcurl.so.4"]],
  ["***", ["", "a/b"], []],
  ["*", ["", "a"], ["a/b"]],
  ["[ab]/?", ["a/x", "b/y"], ["c/x", "a/"]],
  ["c:/x/*", ["C:\\x\\y"], ["C:\\x\\y\\z"]],
])("%s", (pattern, hits, misses) => {
  expect(hits.filter((path) => !matches(pattern, path))).toEqual([]);
  expect(misses.filter((path) => matches(pattern, path))).toEqual([]);
});

test("says what is wrong with a pattern", () => {
  expect(parsePathGlob("a[b")).toBe("has a [ that is not closed");
  expect(parsePathGlob("{a")).toBe("has a { that is not closed");
});

test("any pattern and path: what a search through all ways finds", () => {
  const letters = fc.constantFrom("a", "b", "/");
  const path = fc.string({ unit: letters, maxLength: 9 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), maxLength: 7 });
  const byTrying = (parts: string[], text: string): boolean => {
    const [first, ...rest] = parts;
    if (first === undefined) return text === "";
    if (!first.startsWith("*")) return text.startsWith(first) && byTrying(rest, text.slice(1));
    for (let taken = 0; taken <= text.length; taken++) {
      if (first === "*" && text.slice(0, taken).includes("/")) return false;
      if (byTrying(rest, text.slice(taken))) return true;
    }
    return false;
  };
  fc.assert(
    fc.property(pattern, path, (written, text) => {
      const parts = written.match(/\*+|[^*]/g) ?? [];
      const isDeep = parts[0]?.startsWith("**") === true && !text.startsWith("/");
      const wanted = byTrying(parts, text) || (isDeep && byTrying(parts, `/${text}`));
      expect(matches(written, text)).toBe(wanted);
    }),
    { numRuns: 3000 },
  );
});

test("what would take too many steps is no match, and takes no more than these", () => {
  const steps = { left: 1000 };
  const glob = parsePathGlob("**a**a**a**a**a**b");
  if (typeof glob === "string") throw new Error(glob);
  expect(matchesPath(glob, "a".repeat(2000), { ...steps })).toBe(false);
  expect(matchesPath(glob, `${"a".repeat(2000)}b`, steps)).toBe(false);
  expect(steps.left).toBeLessThan(0);
});
