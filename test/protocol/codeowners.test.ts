import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convertCodeowners, parseCodeowners } from "../../src/protocol/codeowners";
import { parseOwnershipRules } from "../../src/protocol/ownership-rules";
import { plainPath } from "../../src/protocol/path-glob";
import { isFault } from "../../src/protocol/rule-text";

const here = new Map([
  ["@acme/core", "#core"],
  ["ada@example.com", "ada@example.com"],
]);
const convert = (text: string, root = "") => {
  const lines = parseCodeowners(text);
  return isFault(lines) ? lines : convertCodeowners(lines, (name) => here.get(name), root);
};
const rulesOf = (text: string, root?: string): string[] => {
  const converted = convert(text, root);
  return isFault(converted) ? [] : converted.rules;
};
const owns = (pattern: string, path: string, root?: string): boolean => {
  const rules = parseOwnershipRules(rulesOf(`${pattern} @acme/core`, root).join("\n"));
  if (isFault(rules)) throw new Error(rules.message);
  return rules.some((rule) => rule.matches(plainPath(path), { left: 1e6 }));
};

describe("a pattern means the same as a rule", () => {
  test.each<[pattern: string, hits: string[], misses: string[]]>([
    ["*", ["a.js", "src/a.js", "/app/a.js"], []],
    ["*.js", ["a.js", "src/deep/a.js"], ["a.jsx", "a.js.map"]],
    ["docs/", ["docs/a.md", "src/docs/b/c.md"], ["docs.md", "mydocs/a.md"]],
    ["/docs/", ["docs/a.md", "docs/b/c.md"], ["src/docs/a.md", "docs"]],
    ["docs/*", ["docs/a.md"], ["docs/b/c.md", "src/docs/a.md"]],
    ["apps/github", ["apps/github", "apps/github/a.py"], ["x/apps/github/a.py", "apps/githubs"]],
    ["/scripts/run", ["scripts/run", "scripts/run/a.sh"], ["scripts/runs"]],
    ["**/logs", ["logs", "logs/a", "deep/logs/b/c", "deep/logs"], ["mylogs/a"]],
    ["/src/**/test.py", ["src/a/test.py", "src/a/b/test.py"], ["lib/a/test.py"]],
    ["Makefile", ["Makefile", "src/Makefile", "makefile/x"], ["Makefiles"]],
    ["/a{b,c}", ["a{b,c}", "a{b,c}/d"], ["ab", "ac"]],
    ["/my\\ docs/", ["my docs/a"], ["my", "docs/a"]],
    ['/a"b/', ['a"b/c'], ["ab/c"]],
    ["/a\\*b", ["a*b"], ["axb"]],
  ])("%s", (pattern, hits, misses) => {
    expect(hits.filter((path) => !owns(pattern, path))).toEqual([]);
    expect(misses.filter((path) => owns(pattern, path))).toEqual([]);
  });

  test("also where the repository lies elsewhere", () => {
    expect(owns("/docs/", "/app/docs/a.md", "/app/")).toBe(true);
    expect(owns("/docs/", "docs/a.md", "/app/")).toBe(true);
    expect(owns("/docs/", "/lib/docs/a.md", "/app/")).toBe(false);
  });
});

test("what means nothing here is said with its lines, comments are none", () => {
  const text = [
    "# owners",
    "*       @acme/core ada@example.com # all of it",
    "/a/ @bob @acme/core",
    "/b/ @bob @eve",
    "/c/",
    "!/d/ @acme/core",
    "[Section] @acme/core",
    "/e[a-c] @acme/core",
    "/ @acme/core",
    "",
  ].join("\n");
  expect(convert(text)).toEqual({
    rules: ["path:**/* #core ada@example.com", "path:a/** #core"],
    unmapped: [
      { name: "@bob", lines: [3, 4] },
      { name: "@eve", lines: [4] },
    ],
    skipped: [
      { line: 4, reason: "nobody whom it names is here" },
      { line: 5, reason: "it names nobody, and rules do" },
      { line: 6, reason: "patterns with ! are not known" },
      { line: 7, reason: "sections are not known" },
      { line: 8, reason: "a pattern with [ is not known" },
      { line: 9, reason: "its pattern is empty" },
    ],
  });
});

test.each([
  ["\n".repeat(5000), "more than 5000 lines"],
  ["x\n".repeat(501), "more than 500 lines or names mean nothing here"],
  [
    Array.from({ length: 501 }, (_, n) => `x @n${n}`).join("\n"),
    "more than 500 lines or names mean nothing here",
  ],
])("too much is refused", (text, message) => {
  expect(convert(text)).toMatchObject({ message });
});

test("whatever a file says, what it becomes are rules", () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab/*?[]{},\\"# !.\t'.split("")) });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), word, (patterns, root) => {
      const text = patterns.map((each) => `${each} @acme/core`).join("\n");
      expect(isFault(parseOwnershipRules(rulesOf(text, root).join("\n")))).toBe(false);
    }),
  );
});
