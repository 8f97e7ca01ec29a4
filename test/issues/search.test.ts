import fc from "fast-check";
import { expect, test } from "vitest";
import { Fault } from "../../src/fault";
import { notCounted } from "../../src/issues/plan";
import type { Condition } from "../../src/issues/search/condition";
import type { Known } from "../../src/issues/search/fields";
import { conditionOf, wantsOf } from "../../src/issues/search/keys";
import { parseSearch } from "../../src/issues/search/parse";
import { parseShortId, shortIdOf } from "../../src/issues/short-id";
import { searchKeys } from "../../src/protocol/search-keys";

const now = new Date("2026-11-26T12:00:00Z");
/** An organization with the project shop (7), its issue SHOP-1 (70), one event, and events tagged `number`. */
const known: Known = {
  now,
  projectIds: [7],
  hasProject: (id) => id === 7,
  projectOf: (slug) => (slug.toLowerCase() === "shop" ? 7 : undefined),
  latestReleases: [{ projectId: 1, version: "shop@2" }],
  hasTagKey: (key) => key === "number" || key === "title",
  issuesOfEvent: (id) => (id === "a".repeat(32) ? [70] : []),
  issuesOfShortId: (shortId) => (shortIdOf(shortId) === "SHOP-1" ? [70] : []),
  assigned: (word) => (word === "me" ? { memberIds: [5], teamIds: [] } : undefined),
};

/** As a list reads it, unless it is for a change. */
function readOf(query: string, isStrict = false) {
  const { root } = parseSearch(query);
  const notes: string[] = [];
  const meaning = { isStrict, note: (text: string) => notes.push(text) };
  return { condition: root && conditionOf(root, known, meaning), notes };
}

const yes = { negated: false };
const words = (...pattern: string[]) => ({ on: "words", pattern, ...yes });
const tag = (key: string, ...values: string[]) => ({
  on: "tag",
  key,
  values: values.map((value) => value.split("*")),
  ...yes,
});

test.each<[string, object]>([
  ["is:unresolved", { on: "status", values: ["unresolved"], ...yes }],
  ["is:assigned", { on: "assigned", to: "anybody", ...yes }],
  ["is:unassigned", { on: "assigned", to: "anybody", negated: true }],
  ["assigned:me", { on: "assigned", to: { memberIds: [5], teamIds: [] }, ...yes }],
  ["!assigned:none", { on: "assigned", to: "anybody", ...yes }],
  ["!is:resolved", { on: "status", values: ["resolved"], negated: true }],
  ["is:[muted, resolved]", { on: "status", values: ["ignored", "resolved"] }],
  [
    "is:new",
    { on: "substatus", values: ["new"], newSince: new Date("2026-11-19T12:00:00Z"), ...yes },
  ],
  [
    "is:[resolved, regressed]",
    {
      on: "any",
      of: [
        { on: "status", values: ["resolved"] },
        { on: "substatus", values: ["regressed"] },
      ],
    },
  ],
  ["level:error", { on: "level", values: [4], negated: false }],
  ["!level:warn", { on: "level", values: [3], negated: true }],
  ["issue.priority:[high, LOW]", { on: "priority", values: [3, 1] }],
  ["level:[fatal,error]", { on: "level", values: [5, 4] }],
  [
    "number:3 !number:4",
    { on: "all", of: [tag("number", "3"), { ...tag("number", "4"), negated: true }] },
  ],
  // Not both is one of them not.
  [
    "!(number:3 number:4)",
    {
      on: "any",
      of: [
        { ...tag("number", "3"), negated: true },
        { ...tag("number", "4"), negated: true },
      ],
    },
  ],
  ["!!number:3", words("!!number:3")],
  ["NOT NOT number:3", tag("number", "3")],
  ['number:"a b"', tag("number", "a b")],
  ['number:[1, "a, b", 2*]', tag("number", "1", "a, b", "2*")],
  ['number:""', { on: "tagged", keys: ["number"], negated: true }],
  ['!number:""', { on: "tagged", keys: ["number"], negated: false }],
  ["tags[title]:x", tag("title", "x")],
  ["has:number", { on: "tagged", keys: ["number"], negated: false }],
  ["!has:release", { on: "tagged", keys: ["release"], negated: true }],
  ["has:user", { on: "anyone", negated: false }],
  ["!has:user", { on: "anyone", negated: true }],
  ["!has:level", { on: "everything", negated: true }],
  ["has:os", { on: "fielded", fields: ["os"] }],
  ["has:user.id", { on: "tagged", keys: ["user.id"] }],
  [
    "has:[url, number]",
    {
      on: "any",
      of: [
        { on: "fielded", fields: ["url"] },
        { on: "tagged", keys: ["number"] },
      ],
    },
  ],
  ['os:"Windows 10"', { on: "field", fields: ["os"], values: [["Windows 10"]] }],
  ["!sdk.name:a*", { on: "field", fields: ["sdk"], values: [["a", ""]], negated: true }],
  ['url:""', { on: "fielded", fields: ["url"], negated: true }],
  ["project:SHOP", { on: "project", values: [7] }],
  ["!project:shop", { on: "project", values: [7], negated: true }],
  ["issue:shop-1", { on: "issue", values: [70] }],
  ["id:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", { on: "issue", values: [70] }],
  [
    `is:resolved ${"a".repeat(32)}`,
    {
      on: "all",
      of: [
        { on: "status" },
        { on: "any", of: [{ on: "issue", values: [70] }, words("a".repeat(32))] },
      ],
    },
  ],
  [`is:resolved ${"b".repeat(32)}`, { on: "all", of: [{ on: "status" }, words("b".repeat(32))] }],
  ["timesSeen:>1.5k", { on: "number", all: [{ sign: ">", value: 1500 }] }],
  ["users:3", { column: "user_count", all: [{ sign: "=", value: 3 }] }],
  ["!users:3", { column: "user_count", negated: true }],
  ["lastSeen:-24h", { all: [{ sign: ">=", value: new Date("2026-11-25T12:00:00Z") }] }],
  ["age:+7d", { column: "first_seen_at", all: [{ sign: "<=" }] }],
  ["lastSeen:>2026-11-01", { all: [{ sign: ">=", value: new Date("2026-11-02T00:00:00Z") }] }],
  ["firstSeen:2026-11-01", { all: [{ sign: ">=" }, { sign: "<" }] }],
  [
    "firstSeen:>=2026-11-01T00:00:00+02:00",
    { all: [{ sign: ">=", value: new Date("2026-10-31T22:00:00Z") }] },
  ],
  ["error.unhandled:true", tag("handled", "no")],
  ["!hello", { ...words("hello"), negated: true }],
  [
    "level:error AND (cart OR !basket)",
    {
      on: "all",
      of: [
        { on: "level" },
        { on: "any", of: [words("cart"), { ...words("basket"), negated: true }] },
      ],
    },
  ],
])("%s", (query, condition) => {
  expect(readOf(query, true)).toMatchObject({ condition, notes: [] });
});

// Each key by each of its names, and by a text that no value of another kind could be.
test.each(
  searchKeys.flatMap(({ name, ...key }) => [name, ...("aliases" in key ? key.aliases : [])]),
)("%s is answered, and negated by the same word", (name) => {
  const samples = [
    "unresolved",
    "me",
    "high",
    "error",
    "-24h",
    ">1",
    "true",
    "shop",
    "SHOP-1",
    "a".repeat(32),
    "number",
  ];
  const answered = samples.flatMap((value) => {
    try {
      return [[readOf(`${name}:${value}`, true), readOf(`!${name}:${value}`, true)]];
    } catch (error) {
      expect(error).toBeInstanceOf(Fault);
      return [];
    }
  });
  expect(answered.length).toBeGreaterThan(0);
  for (const [plain, opposite] of answered) {
    expect(opposite?.condition).toEqual({
      ...plain?.condition,
      negated: !plain?.condition?.negated,
    });
  }
});

test("a text that is asked for by name is also the tag that somebody named so", () => {
  expect(readOf("title:x", true).condition).toMatchObject({
    on: "any",
    of: [{ on: "column" }, { on: "field", fields: ["title"] }, tag("title", "x")],
  });
});

test("a key that nobody knows is looked for as a text, which is said, and refused where it is a change or a negation", () => {
  expect(readOf('a enviroment:"prod 1*"')).toMatchObject({
    condition: { on: "all", of: [words("a"), words("enviroment:prod 1", "")] },
    notes: ["2-22 unknown key, searched as text"],
  });
  expect(() => readOf("enviroment:prod", true)).toThrow("Unknown search key enviroment");
  for (const query of [
    "!enviroment:prod",
    "NOT (a OR enviroment:prod)",
    "!tags[enviroment]:prod",
  ]) {
    expect(() => readOf(query)).toThrow("Unknown search key enviroment");
  }
});

test.each([
  ["assigned:nobody@example.com", "assigned:nobody@example.com is nobody of this organization"],
  ["issue.priority:[high, urgent]", "issue.priority:urgent is none of high, medium, low"],
  ["status:linked", "status:linked"],
  ["status:new", "status:new"],
  ["has:nowhere", "nowhere"],
  ["!has:nowhere", "nowhere"],
  ["is:nonsense", "is:nonsense"],
  ["level:loud", "level:loud"],
  ["has:firstSeen", "has:firstSeen"],
  ["project:nowhere", "project:nowhere"],
  ["issue:SHOP-2", "issue:SHOP-2"],
  ["id:1234", "id:1234"],
  ["timesSeen:>many", "timesSeen"],
  ["lastSeen:24h", "-24h (since then) or +24h"],
  ["lastSeen:>2026-02-30", "lastSeen"],
  ["users:[1,2]", "users"],
  ["error.handled:perhaps", "neither true nor false"],
])("%s is refused and says %s", (query, said) => {
  const part = { position: 0, length: query.length - (query.startsWith("!") ? 1 : 0) };
  const refused = () => readOf(query);
  expect(refused).toThrow(said);
  expect(refused).toThrow(
    expect.objectContaining({ part: { ...part, position: query.startsWith("!") ? 1 : 0 } }),
  );
});

const keysOf = (condition: Condition | undefined): string[] => {
  if (!condition) return [];
  if ("of" in condition) return condition.of.flatMap(keysOf);
  return condition.on === "tag" ? [condition.key] : condition.on === "tagged" ? condition.keys : [];
};

// Otherwise a search would find nothing and not say why.
test("every tag that is not counted is answered from elsewhere", () => {
  for (const key of notCounted) {
    for (const query of [`${key}:error`, `!${key}:error`, `has:${key}`, `!has:${key}`]) {
      const { condition } = readOf(query, true);
      expect([query, keysOf(condition)]).toEqual([query, []]);
    }
  }
});

test("whatever can be parsed is answered or refused in words", () => {
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
    "SHOP-1",
    "__proto__",
    "number",
    "a".repeat(32),
    "is:new",
    "url:a*b",
    "has:",
    "constructor",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, isStrict) => {
      const query = pieces.join("");
      try {
        wantsOf(parseSearch(query), true);
        readOf(query, isStrict);
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
