import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/fault";
import { parseSearch, searchCharsMax } from "../../src/issues/search/parse";
import { leavesOf, type Node } from "../../src/issues/search/tree";
import type { Pattern } from "../../src/protocol/pattern";

const star = (pattern: Pattern) => pattern.join("*");

/** As the tables below write it: words between ` and `, ∧, ∨, ¬. */
function shown(node: Node | undefined): string {
  if (!node) return "all";
  switch (node.on) {
    case "words":
      return `\`${star(node.pattern)}\``;
    case "term":
      return `${node.isTag ? "tag " : ""}${node.key}=${node.values.map(star).join("|")}`;
    case "not":
      return `¬${shown(node.of)}`;
    case "all":
    case "any":
      return `(${node.of.map(shown).join(node.on === "all" ? " ∧ " : " ∨ ")})`;
  }
}

const parsed = (query: string) => shown(parseSearch(query).root);

test.each([
  ["", "all"],
  ["  ", "all"],
  [
    'is:resolved user.username:"Jane Doe" server:web-8 example error',
    "(is=resolved ∧ user.username=Jane Doe ∧ server=web-8 ∧ `example` ∧ `error`)",
  ],
  ["browser:Chrome OR browser:Opera", "(browser=Chrome ∨ browser=Opera)"],
  ["a:1 b:2 OR c:3", "((a=1 ∧ b=2) ∨ c=3)"],
  ["x:1 (y:2 OR z:3)", "(x=1 ∧ (y=2 ∨ z=3))"],
  ["a AND b AND level:x", "(`a` ∧ `b` ∧ level=x)"],
  ["release:[12.0, 13.0]", "release=12.0|13.0"],
  ['x:[a, "b, c", d*]', "x=a|b, c|d*"],
  ["is:[new,regressed]", "is=new|regressed"],
  ["tags[project_id]:7", "tag project_id=7"],
  ["tags[a b]:7", "(`tags[a` ∧ `b]:7`)"],
  ['flags["my flag"]:true', "tag my flag=true"],
  ["!user.email:a@b.c", "¬user.email=a@b.c"],
  ['browser:"Safari 11*"', "browser=Safari 11*"],
  ["age:+12h age:-24h", "(age=+12h ∧ age=-24h)"],
  ["timesSeen:>1.5k users:<=5", "(timesSeen=>1.5k ∧ users=<=5)"],
  ['timesSeen:>"5"', "timesSeen=>5"],
  ['"connection refused" timeout', "(`connection refused` ∧ `timeout`)"],
  ["NOT is:resolved", "¬is=resolved"],
  ["!hello", "¬`hello`"],
  ["!(level:info OR level:debug)", "¬(level=info ∨ level=debug)"],
  ["NOT NOT a", "¬¬`a`"],
  ['environment:""', "environment="],
  ['"a":b', "a=b"],
  ['transaction:"GET /a \\"b\\""', 'transaction=GET /a "b"'],
  ["message:\uf00dcontains\uf00da*b", "message=*a*b*"],
  ['message:\uf00dStarts With\uf00d"a b"', "message=a b*"],
  ["(a)(b)", "(`a` ∧ `b`)"],
  ["(((a)))", "`a`"],
  ['"unbalanced quote here', '(`"unbalanced` ∧ `quote` ∧ `here`)'],
  ['message:"unbalanced', 'message="unbalanced'],
  ["Resque::DirtyExit", "`Resque::DirtyExit`"],
  ["https://example.com/a?b=c:d", "`https://example.com/a?b=c:d`"],
  ["C:\\Users\\x\\app.py", "`C:\\Users\\x\\app.py`"],
  ["at Foo.bar (/srv/cart.js:12:5)", "(`at` ∧ `Foo.bar` ∧ `/srv/cart.js:12:5`)"],
  [
    'File "/srv/app.py", line 3, in f',
    "(`File` ∧ `/srv/app.py` ∧ `,` ∧ `line` ∧ `3,` ∧ `in` ∧ `f`)",
  ],
  ["TypeError: x is not a function", "(`TypeError:` ∧ `x` ∧ `is` ∧ `not` ∧ `a` ∧ `function`)"],
  ["foo() bar", "(`foo()` ∧ `bar`)"],
  ["((a OR b)", "(`((a` ∨ `b)`)"],
  ["a OR", "(`a` ∧ `OR`)"],
  ["OR AND OR", "(`OR` ∧ `AND` ∧ `OR`)"],
  ["NOT", "`NOT`"],
  ["()", "`()`"],
  ["(OR)", "`OR`"],
  ["a (b", "(`a` ∧ `(b`)"],
  ["level:error (number:1", "(level=error ∧ `(number:1`)"],
  ["ключ:значение 🔥 mod*l", "(ключ=значение ∧ `🔥` ∧ `mod*l`)"],
  ["cafe\u0301", "`caf\u00e9`"],
  ["key:[a,b", "key=[a,b"],
  ["[Filtered]", "`[Filtered]`"],
  ['message:"[Filtered]"', "message=[Filtered]"],
  ["::::", "`::::`"],
  ["!!!", "`!!!`"],
  ["!= a", "(`!=` ∧ `a`)"],
  ["*", "`*`"],
  ["a\u0000\ud800", "(`a` ∧ `\ufffd`)"],
])("%s is read as %s", (query, expected) => expect(parsed(query)).toBe(expected));

test("a star that is escaped, or stands behind an operator of Sentry's pages, is a star", () => {
  const patternOf = (query: string) => {
    const { root } = parseSearch(query);
    return root?.on === "term" ? root.values : root?.on === "words" ? root.pattern : undefined;
  };
  expect(patternOf('message:"a\\*b"')).toEqual([["a*b"]]);
  expect(patternOf("a\\*b")).toEqual(["a*b"]);
  expect(patternOf("message:\uf00dcontains\uf00da*b")).toEqual([["", "a*b", ""]]);
});

test.each<[string, string, number, number]>([
  ["is:", "needs a value", 0, 3],
  ["a is: b", "needs a value", 2, 3],
  ["level:error OR", "OR needs something", 12, 2],
  ["level:error AND AND a", "AND needs something", 12, 3],
  ["level:error NOT", "NOT needs something", 12, 3],
  ["number:[]", "list of number is empty", 0, 9],
  ["tags[ms,boolean]:1", "A tag is a text or a number", 0, 17],
  [`a ${"(".repeat(25)}b${")".repeat(25)}`, "20 levels", 22, 11],
  ["a ".repeat(101), "100 terms", 200, 1],
  [`level:[${"a,".repeat(101)}]`, "100 values", 0, 210],
  ["a".repeat(searchCharsMax + 4), "4096 characters", 4096, 4],
])("%s is refused: %s, and where", (query, words, position, length) => {
  const refused = () => parseSearch(query);
  expect(refused).toThrow(words);
  expect(refused).toThrow(expect.objectContaining({ kind: "invalid", part: { position, length } }));
});

const piece = fc.constantFrom(
  '"',
  "[",
  "]",
  ":",
  "!",
  "(",
  ")",
  " ",
  ",",
  "\\",
  "*",
  "-",
  "=",
  "<",
  "\n",
  "\u0000",
  "OR",
  "AND",
  "NOT",
  "is",
  "has",
  "tags[",
  "level",
  "user",
  "timesSeen",
  ">",
  "é🔥",
  "\ud800",
  "\uf00dcontains\uf00d",
  "2026-11-01",
  "SHOP-1",
  "__proto__",
  "constructor",
);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(piece, { maxLength: 30 }).map((all) => all.join("")),
);

describe("whatever is typed", () => {
  test("is understood or refused in words that say where", () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const { root } = parseSearch(text);
          for (const leaf of root ? leavesOf(root) : []) {
            const { position, length } = leaf.part;
            expect(length).toBeGreaterThan(0);
            expect(position + length).toBeLessThanOrEqual(text.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).part?.position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("is the same search when it is written down again", () => {
    fc.assert(
      fc.property(texts, (text) => {
        let first: Node | undefined;
        try {
          first = parseSearch(text).root;
        } catch {
          return;
        }
        expect(shown(parseSearch(rewritten(first)).root)).toBe(shown(first));
      }),
      { numRuns: 3000 },
    );
  });

  test("is read in a time that grows with its length alone", () => {
    const repeated = [
      "(",
      ")",
      '"',
      "!",
      "[a:[",
      'a:"',
      "key:[",
      "()",
      '("',
      "NOT ",
      "(a ",
      "\\",
      "*",
    ];
    for (const each of repeated) {
      const text = each.repeat(searchCharsMax / each.length);
      for (const whole of [text, `a:b ${text}`.slice(0, searchCharsMax)]) {
        try {
          expect(parseSearch(whole).root).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }
    }
  });
});

const quoted = (pattern: Pattern) =>
  `"${pattern.map((each) => each.replace(/["\\*]/g, "\\$&")).join("*")}"`;

function rewritten(node: Node | undefined): string {
  if (!node) return "";
  switch (node.on) {
    case "words":
      return quoted(node.pattern);
    case "term": {
      const isPlain = /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(node.key);
      const key = node.isTag ? `tags["${node.key}"]` : isPlain ? node.key : quoted([node.key]);
      const values = node.values.map(quoted).join(",");
      return `${key}:${node.isList ? `[${values}]` : values}`;
    }
    case "not":
      return `NOT (${rewritten(node.of)})`;
    case "all":
    case "any":
      return `(${node.of.map(rewritten).join(node.on === "all" ? " AND " : " OR ")})`;
  }
}
