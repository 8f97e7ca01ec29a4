import fc from "fast-check";
import { expect, test } from "vitest";
import { Fault } from "../../src/fault";
import { notCounted } from "../../src/issues/plan";
import { parseSearch } from "../../src/issues/search";
import type { Known } from "../../src/issues/search-fields";
import { conditionOf, wantsOf } from "../../src/issues/search-keys";
import { parseShortId, shortIdOf } from "../../src/issues/short-id";

const now = new Date("2026-11-26T12:00:00Z");
/** An organization with the project shop (7), its issue SHOP-1 (70), one event, and events tagged `number`. */
const known: Known = {
  now,
  projectIds: [7],
  hasProject: (id) => id === 7,
  projectOf: (slug) => (slug.toLowerCase() === "shop" ? 7 : undefined),
  hasTagKey: (key) => key === "number" || key === "title",
  issuesOfEvent: (id) => (id === "a".repeat(32) ? [70] : []),
  issuesOfShortId: (shortId) => (shortIdOf(shortId) === "SHOP-1" ? [70] : []),
};

function conditionsOf(query: string) {
  const { terms, texts } = parseSearch(query);
  return { conditions: terms.map((term) => conditionOf(term, known)), texts };
}

test.each<[string, object[], string[]?]>([
  ["is:unresolved", [{ on: "status", values: ["unresolved"], negated: false }]],
  ["!is:resolved", [{ on: "status", values: ["resolved"], negated: true }]],
  ["is:[muted, resolved]", [{ on: "status", values: ["ignored", "resolved"] }]],
  ["level:error", [{ on: "level", values: [4], negated: false }]],
  ["!level:warn", [{ on: "level", values: [3], negated: true }]],
  ["level:[fatal,error]", [{ on: "level", values: [5, 4] }]],
  [
    "number:3 !number:4",
    [
      { on: "tag", negated: false },
      { on: "tag", negated: true },
    ],
  ],
  ['number:"a b"', [{ on: "tag", key: "number", values: ["a b"] }]],
  ['number:[1, "a, b", 2]', [{ on: "tag", values: ["1", "a, b", "2"] }]],
  ['number:""', [{ on: "tagged", keys: ["number"], negated: true }]],
  ['!number:""', [{ on: "tagged", keys: ["number"], negated: false }]],
  ["tags[title]:x", [{ on: "tag", key: "title", values: ["x"] }]],
  ["has:number", [{ on: "tagged", keys: ["number"], negated: false }]],
  ["has:[number,release]", [{ on: "tagged", keys: ["number", "release"] }]],
  ["!has:release", [{ on: "tagged", keys: ["release"], negated: true }]],
  ["has:user", [{ on: "anyone", negated: false }]],
  ["!has:user", [{ on: "anyone", negated: true }]],
  ["!has:level", [{ on: "everything", negated: true }]],
  ["has:os", [{ on: "tagged", keys: ["os.name"] }]],
  ["os:Windows", [{ on: "tag", key: "os.name", values: ["Windows"] }]],
  ["project:SHOP", [{ on: "project", values: [7] }]],
  ["!project:shop", [{ on: "project", values: [7], negated: true }]],
  ["issue:shop-1", [{ on: "issue", values: [70] }]],
  ["id:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", [{ on: "issue", values: [70] }]],
  ["timesSeen:>1.5k", [{ on: "number", all: [{ sign: ">", value: 1500 }] }]],
  ["users:3", [{ column: "user_count", all: [{ sign: "=", value: 3 }] }]],
  ["lastSeen:-24h", [{ all: [{ sign: ">=", value: new Date("2026-11-25T12:00:00Z") }] }]],
  ["age:+7d", [{ column: "first_seen_at", all: [{ sign: "<=" }] }]],
  ["lastSeen:>2026-11-01", [{ all: [{ sign: ">=", value: new Date("2026-11-02T00:00:00Z") }] }]],
  ["firstSeen:2026-11-01", [{ all: [{ sign: ">=" }, { sign: "<" }] }]],
  [
    "firstSeen:>=2026-11-01T00:00:00+02:00",
    [{ all: [{ sign: ">=", value: new Date("2026-10-31T22:00:00Z") }] }],
  ],
  ["error.unhandled:true", [{ on: "tag", key: "handled", values: ["no"] }]],
  ["!message:cart", [{ on: "text", column: "search_text", values: ["cart"], negated: true }]],
  ["level:error AND cart", [{ on: "level" }], ["cart"]],
  ["TypeError: x is", [], ["TypeError:", "x", "is"]],
  [
    "Foo::Bar https://a.example/b:c C:\\x 10:30",
    [],
    ["Foo::Bar", "https://a.example/b:c", "C:\\x", "10:30"],
  ],
  ['"cart.js:12:5" OR "x', [], ["cart.js:12:5", "OR", "x"]],
  ["[Filtered] (a", [], ["[Filtered]", "(a"]],
])("%s", (query, conditions, texts = []) => {
  expect(conditionsOf(query)).toMatchObject({ conditions, texts });
});

test.each([
  ["assigned:me", "assigned"],
  ["issue.priority:[high, medium]", "issue.priority"],
  ["!enviroment:prod", "enviroment"],
  ["has:nowhere", "nowhere"],
  ["!has:nowhere", "nowhere"],
  ["cart.js:12:5", "cart.js"],
  ["is:nonsense", "is:nonsense"],
  ["level:loud", "level:loud"],
  ['os:"Windows 10"', "os.name"],
  ["has:title", "has:title"],
  ["project:nowhere", "project:nowhere"],
  ["issue:SHOP-2", "issue:SHOP-2"],
  ["id:1234", "id:1234"],
  ["timesSeen:>many", "timesSeen"],
  ["lastSeen:24h", "lastSeen"],
  ["lastSeen:>2026-02-30", "lastSeen"],
  ["users:[1,2]", "users"],
  ["key:[a", "Unknown search key key"],
  ["number:[]", "number"],
  ["release:latest", "release:latest"],
  ["level:error OR level:info", "OR"],
  ["NOT is:resolved", "NOT"],
  ["level:error (number:1 number:2)", "Parentheses"],
  ["a".repeat(1001), "1000"],
  [`is:unresolved ${"a ".repeat(60)}`, "terms"],
  ["user:a*", "user.id"],
])("%s is refused and says %s", (query, words) => {
  expect(() => conditionsOf(query)).toThrow(words);
  expect(() => conditionsOf(query)).toThrow(Fault);
});

// Otherwise a search would find nothing and not say why.
test("every tag that is not counted is answered from elsewhere or refused", () => {
  for (const key of notCounted) {
    for (const query of [`${key}:error`, `!${key}:error`, `has:${key}`, `!has:${key}`]) {
      try {
        const [condition] = conditionsOf(query).conditions;
        expect(condition, query).not.toMatchObject({ key });
        expect(condition, query).not.toMatchObject({ keys: [key] });
        expect(condition?.negated, query).toBe(query.startsWith("!"));
      } catch (error) {
        expect(String(error), query).toContain("on the events only");
      }
    }
  }
});

test("whatever is typed is understood or refused in words", () => {
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
    "OR",
    "is",
    "has",
    "tags[",
    "level",
    "user",
    "timesSeen",
    "lastSeen",
    "2026-11-01",
    ">",
    "é🔥",
    "\u0000",
    "\ud800",
    "SHOP-1",
    "__proto__",
  );
  const query = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(query, (text) => {
      try {
        const search = parseSearch(text);
        wantsOf(search, true);
        for (const term of search.terms) conditionOf(term, known);
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }),
    { numRuns: 3000 },
  );
});

test("short ids are read as they are written, in any case", () => {
  fc.assert(
    fc.property(
      fc.record({
        slug: fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,40}$/),
        number: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      }),
      (shortId) => {
        expect(parseShortId(shortIdOf(shortId))).toEqual(shortId);
        expect(parseShortId(shortIdOf(shortId).toLowerCase())).toEqual(shortId);
      },
    ),
  );
  expect(
    ["SHOP", "SHOP-", "-1", "SHOP-0", "SHOP-W", "SHOP-VVVVVVV", "a b-1"].map(parseShortId),
  ).toEqual(Array.from({ length: 7 }));
});
