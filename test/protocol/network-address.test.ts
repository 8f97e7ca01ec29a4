import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress, readAddresses } from "../../src/protocol/network-address";

describe("an address", () => {
  test.each([
    ["10.1.2.3", "10.1.2.3"],
    [" 10.1.2.3 ", "10.1.2.3"],
    ["10.1.2.3:88", "10.1.2.3"],
    ['"10.1.2.3:65535"', "10.1.2.3"],
    ["for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"],
    ['For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["[2001:DB8::1]:443", "2001:DB8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%en-0.1]:80", "fe80::1"],
    ["::ffff:10.7.0.1", "::ffff:10.7.0.1"],
    ["::", "::"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
    ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"],
  ])("%s", (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  test.each(
    "|localhost|unknown|_hidden|10.1.2|10.1.2.256|10.1.2.3.4|010.1.2.3|1.2.3.4:65536|1.2.3.4:|1.2.3.4:x|....|1...2|::::|:::|1:2:3|12345::|1:2:3:4:5:6:7:8:9|1:2:3:4:5:6:7::8|1.2.3.4::|::1.2.3.4:5|g::1|[::1|::1]|[::1]x|[::1]:70000|fe80::1%|a.b.c.d|dead.beef|1.2.3.4, 5.6.7.8|{{auto}}|1:2::3::4|%eth0|[1.2.3.4]|::ffff:10.7.0.256|:1:2:3:4:5:6:7".split(
      "|",
    ),
  )("%j is none", (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  test("is what the platform takes for one, whatever is in it", () => {
    const part = fc.constantFrom(
      "",
      "1",
      "ff",
      "1.2.3.4",
      "255",
      "12345",
      "0",
      "::",
      ":",
      ".",
      "g",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 16 }), (parts) => {
        const text = parts.join("");
        const wanted = isIP(text) > 0 ? text : undefined;
        // A port is ours to take away; the platform knows none.
        if (!/^[\d.]+:\d+$/.test(text)) expect(readAddress(text)).toBe(wanted);
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => readAddress(text) === text));
  });
});

test.each([
  ["1.2.3.4, 5.6.7.8", ["1.2.3.4", "5.6.7.8"]],
  ["unknown, 5.6.7.8:80", ["5.6.7.8"]],
  ['for=192.0.2.43, for="[2001:db8::17]"', ["192.0.2.43", "2001:db8::17"]],
  ["", []],
  ["9.9.9.9,".repeat(1000), Array(32).fill("9.9.9.9")],
])("of the list %.40s", (text, addresses) => {
  expect(readAddresses(text)).toEqual(addresses);
});
