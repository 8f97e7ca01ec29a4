import fc from "fast-check";
import { expect, test } from "vitest";
import { addressNumber, isInRange, parseRange } from "../../src/protocol/network-range";

function has(range: string, address: string): boolean {
  const [parsed, number] = [parseRange(range), addressNumber(address)];
  if (!parsed || number === undefined) throw new Error(`${range} or ${address} cannot be read`);
  return isInRange(parsed, number);
}

test.each<[range: string, within: string[], outside: string[]]>([
  ["192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.8", "2001:db8::7"]],
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "9.255.255.255", "::a00:0"]],
  ["10.1.2.3/8", ["10.9.9.9"], ["11.1.2.3"]],
  ["198.51.100.0/25", ["198.51.100.127"], ["198.51.100.128"]],
  ["0.0.0.0/0", ["1.2.3.4"], ["2001:db8::1"]],
  ["2001:db8::/32", ["2001:db8::1", "2001:DB8:ffff::"], ["2001:db9::1", "10.0.0.1"]],
  ["::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2"]],
  ["::/0", ["::1", "10.0.0.1"], []],
])("%s", (range, within, outside) => {
  expect(within.filter((address) => !has(range, address))).toEqual([]);
  expect(outside.filter((address) => has(range, address))).toEqual([]);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "::/129",
  "a/8",
  "1.2.3.4/8/8",
])("%s is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test("an IPv4 address is in each range that is named after it", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(
      fc.tuple(octet, octet, octet, octet),
      fc.integer({ min: 0, max: 32 }),
      (four, bits) => {
        expect(has(`${four.join(".")}/${bits}`, four.join("."))).toBe(true);
      },
    ),
  );
});
