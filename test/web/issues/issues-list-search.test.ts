import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askedValue, suggest } from "../../../src/web/issues/search-keys";
import {
  piecesOf,
  quoted,
  refusedPieces,
  replacePiece,
  wantedStatuses,
} from "../../../src/web/issues/search-terms";

describe("a search is split into what it is made of", () => {
  test.each([
    ["is:unresolved", [["term", "is", "unresolved"]]],
    [
      "!level:error boom",
      [
        ["term", "level", "error"],
        ["word", "boom"],
      ],
    ],
    [
      'browser.name:"Mobile Safari" x',
      [
        ["term", "browser.name", '"Mobile Safari"'],
        ["word", "x"],
      ],
    ],
    [
      "id:[a, b] c",
      [
        ["term", "id", "[a, b]"],
        ["word", "c"],
      ],
    ],
    ["tags[level]:x", [["term", "tags[level]", "x"]]],
    ['"still open', [["word", '"still open']]],
    ["https://example.com/a", [["word", "https://example.com/a"]]],
    ["std::move", [["word", "std::move"]]],
    ["is:", [["term", "is", ""]]],
  ])("%s", (text, expected) => {
    const found = piecesOf(text)
      .filter(({ kind }) => kind !== "space")
      .map((piece) =>
        piece.kind === "term" ? ["term", piece.key, piece.value] : ["word", piece.text],
      );
    expect(found).toEqual(expected);
  });

  test("the pieces of any text are that text, each where it stands", () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 400,
          unit: fc.constantFrom(" ", "\t", ":", '"', "[", "]", "!", "\\", "a", "0", "א", "<"),
        }),
        (text) => {
          const pieces = piecesOf(text);
          expect(pieces.map((piece) => piece.text).join("")).toBe(text);
          expect(pieces.every((piece) => text.startsWith(piece.text, piece.at))).toBe(true);
        },
      ),
    );
  });

  test("a text of a million letters is read without end of time or stack", () => {
    const text = "a:b ".repeat(250_000);
    expect(piecesOf(text).length).toBeLessThan(300);
  });
});

test.each([
  ["is:un", 5, "is:unresolved", "is:unresolved ", 14],
  ["is:un boom", 5, "is:unresolved", "is:unresolved boom", 14],
  ["lev boom", 3, "level:", "level: boom", 6],
  ["boom ", 5, "is:", "boom is:", 8],
])("%s at %i with %s is %s", (text, caret, replacement, expected, at) => {
  expect(replacePiece(text, caret, replacement)).toEqual({ text: expected, caret: at });
});

test.each([
  [
    "is:unresolved foo:1",
    "Unknown search key foo: no event has this tag (quote the text to look for it)",
    [14],
  ],
  ["level:error level:bad", "level:bad is none of fatal, error, warning, info, debug", [12]],
  ["is:wrong x", "is:wrong is not supported: unresolved, resolved or ignored", [0]],
  ["a OR b", "OR is not supported here: use a list (key:[a, b]), or quotes for the word", [2]],
  ["boom", "A search has at most 1000 characters", []],
])("of %s the API's reason names the term", (text, detail, expected) => {
  expect([...refusedPieces(text, detail)]).toEqual(expected);
});

test.each([
  ["is:unresolved", ["unresolved"]],
  ["", ["unresolved", "resolved", "ignored"]],
  ["!is:resolved", ["unresolved", "ignored"]],
  ["is:muted level:error", ["ignored"]],
  ["is:[resolved, ignored]", ["resolved", "ignored"]],
  ["is:unresolved is:resolved", []],
  ["is:new", ["unresolved"]],
  ["is:[regressed, resolved]", ["unresolved", "resolved"]],
  ["!is:new", ["unresolved", "resolved", "ignored"]],
  ["is:resolved OR is:ignored", ["unresolved", "resolved", "ignored"]],
  ["(is:resolved level:error) is:ignored", ["unresolved", "resolved", "ignored"]],
  ["NOT is:resolved", ["unresolved", "resolved", "ignored"]],
  ["is:resolved or nothing", ["resolved"]],
  ["status:nonsense", ["unresolved", "resolved", "ignored"]],
])("%s asks for issues that are %s", (query, expected) => {
  expect([...wantedStatuses(query)]).toEqual(expected);
});

describe("what can be typed next", () => {
  const known = new Map([["environment", [{ value: "production" }, { value: "my stage" }]]]);
  const offered = [
    { key: "is", isTag: false, totalValues: null, knownValues: ["unresolved"] },
    { key: "error.handled", isTag: false, totalValues: null, knownValues: ["true", "false"] },
    { key: "cart.kind", isTag: true, totalValues: 12_345, knownValues: [] },
  ];
  const texts = (text: string) => suggest(text, text.length, offered, known).map((one) => one.text);

  test("a tag says how many events have it, a value how often it was there", () => {
    expect(suggest("cart", 4, offered, known)).toEqual([
      { text: "cart.kind:", hint: "Tag of 12.3K events" },
    ]);
    const values = new Map([["cart.kind", [{ value: "full", hint: "7 events" }]]]);
    expect(suggest("tags[cart.kind]:f", 17, offered, values)).toEqual([
      { text: "tags[cart.kind]:full", hint: "7 events" },
    ]);
  });

  test.each([
    ["release:web@", { key: "release", prefix: "web@" }],
    ['tags[release]:"web', { key: "release", prefix: "web" }],
    ["!os.name:", { key: "os.name", prefix: "" }],
    // What is listed here, a list, a pattern and a comparison need no values of the server.
    ["is:un", undefined],
    ["has:re", undefined],
    ["release:[a", undefined],
    ["release:web*", undefined],
    ["timesSeen:>1", undefined],
    ["words", undefined],
  ])("%s asks for the values of %j", (text, expected) => {
    expect(askedValue(text, text.length)).toEqual(expected);
  });

  test.each([
    ["is:", ["is:unresolved", "is:resolved", "is:ignored"]],
    ["is:un", ["is:unresolved"]],
    ["!level:fa", ["!level:fatal"]],
    ["environment:", ["environment:production", 'environment:"my stage"']],
    ["cart", ["cart.kind:"]],
    ["error.handled:", ["error.handled:true", "error.handled:false"]],
    ["has:", ["has:cart.kind"]],
    ["timesSeen:>1", ["timesSeen:>10", "timesSeen:>100", "timesSeen:>1000"]],
    ["level:[error,", []],
    ['"quoted', []],
  ])("%s", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });
});

test.each([
  ["Safari", "Safari"],
  ["Mobile Safari", '"Mobile Safari"'],
  ['say "x"', '"say \\"x\\""'],
  ["", '""'],
])("%s is written as %s", (value, expected) => {
  expect(quoted(value)).toBe(expected);
});
