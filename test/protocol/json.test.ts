import { expect, test } from "vitest";
import { parseJson } from "../../src/protocol/json";

test.each<[string, unknown]>([
  ['{"a":NaN,"b":-Infinity,"c":[Infinity,1]}', { a: null, b: null, c: [null, 1] }],
  [
    '{"NaN":NaN,"b":"NaN -Infinity \\" NaN","c":-1}',
    { NaN: null, b: 'NaN -Infinity " NaN', c: -1 },
  ],
  ['["\\\\",NaN]', ["\\", null]],
])("%s is read with null for what is no number", (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

test.each(["NaN1", "xNaN", "-NaN", '"NaN', '{"a":NaN', "NaNNaN", '["\\', '[NaN,"\\'])(
  "%s is no JSON for that",
  (text) => expect(() => parseJson(text)).toThrow(SyntaxError),
);

// Every quote in it could begin a text that never ends.
test("a megabyte of quotes that end nothing is refused in one pass", () => {
  expect(() => parseJson(`[NaN,"${'\\"'.repeat(500_000)}`)).toThrow(SyntaxError);
});
