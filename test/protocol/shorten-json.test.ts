import fc from "fast-check";
import { expect, test } from "vitest";
import { shortenJson } from "../../src/protocol/shorten-json";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const small = { depth: 4, members: 3, memberNodes: 20, nodes: 40 };
const shortened = (text: string, limits = small) => decode(shortenJson(encode(text), limits));

test.each<[string, string]>([
  ["[1,2,3]", "[1,2,3]"],
  ["[1,2,3,4,5]", "[1,2,3]"],
  ['{"a":1,"b":2,"c":[1,2,3,[4],{"x":"]"}],"d":4}', '{"a":1,"b":2,"c":[1,2,3]}'],
  ['[[[[[["deep"]]]]],2]', "[[[[null]]],2]"],
  ['["a,b","[","\\"]",1,2]', '["a,b","[","\\"]"]'],
  ['"a text, and no list"', '"a text, and no list"'],
  ['{"a":"\\\\","b":1}', '{"a":"\\\\","b":1}'],
])("%s", (text, expected) => expect(shortened(text)).toBe(expected));

test("one member that is far too large leaves the others as they are", () => {
  const rows = Array.from({ length: 3 }, () => [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const read = JSON.parse(
    shortened(JSON.stringify({ extra: rows, message: "x", tags: { a: [1, 2] } }), {
      ...small,
      memberNodes: 12,
    }),
  );
  expect(read).toMatchObject({ message: "x", tags: { a: [1, 2] } });
  expect(JSON.stringify(read.extra).length).toBeLessThan(JSON.stringify(rows).length);
});

test("what is JSON stays JSON, within the limits", () => {
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
      : 0;
  const widthOf = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? Math.max(Object.keys(value).length, ...Object.values(value).map(widthOf))
      : 0;
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      const value = JSON.parse(shortened(text));
      expect(depthOf(value)).toBeLessThanOrEqual(small.depth);
      expect(widthOf(value)).toBeLessThanOrEqual(small.members);
    }),
  );
});

test("what is within the limits stays byte for byte, and what is no JSON does not throw", () => {
  const wide = { depth: 99, members: 9999, memberNodes: 9999, nodes: 9999 };
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(shortened(text, wide)).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(shortenJson(bytes, small).length).toBeLessThanOrEqual(bytes.length + 400);
    }),
  );
});

test.each([
  ["empty lists", "[]"],
  ["empty objects", "{}"],
  ["numbers", "1"],
  ["lists in lists", "[[[[[[[[[[[[]]]]]]]]]]]]"],
])("16 MiB of %s come to no more than 300 000 values", (_, value) => {
  const list = Array(5000).fill(value).join(",");
  const rows = Array(Math.ceil((16 * 1024 * 1024) / list.length)).fill(`[${list}]`);
  const short = decode(shortenJson(encode(`{"message":"x","extra":[${rows.join(",")}]}`)));
  expect(short.match(/[[{,]/g)?.length).toBeLessThan(300_000);
  expect(JSON.parse(short)).toHaveProperty("message", "x");
});
