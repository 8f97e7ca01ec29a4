import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownServerOf, reasonNotAsked, reasonNotReached } from "../../src/protocol/outbound-rules";

const closed = { allowsPrivate: false, own: [] };
const open = { allowsPrivate: true, own: [] };

/** One address of this machine, in every way that somebody reads it. */
const loopbacks = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "１２７.0.0.1",
  "127。0。0。1",
  "%31%32%37.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "0",
  "localhost",
  "LOCALHOST.",
  "a.localhost",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "[2001:0:7f00:1::]",
];
const privates = [
  "10.0.0.1",
  "10.255.255.255",
  "012.0.0.1",
  "167772161",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "0xc0a80101",
  "100.64.0.1",
  "100.127.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.88.99.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "[fc00::1]",
  "[fd12:3456::1]",
  "[ff02::1]",
  "[100::1]",
  "[2001:db8::1]",
  "[::ffff:10.0.0.1]",
  "router",
  "printer.local",
  "wiki.corp.internal",
  "nas.lan",
  "box.home.arpa",
];
const metadata = [
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "[::ffff:169.254.169.254]",
  "[fd00:ec2::254]",
  "[fe80::1]",
  "[febf::1]",
  "metadata.google.internal",
  "169.254.1.1",
];

describe("an address that users typed", () => {
  test.each([...loopbacks, ...privates, ...metadata])("%s is not public", (host) => {
    expect(reasonNotAsked(`http://${host}/`, closed)).toBeTypeOf("string");
    expect(reasonNotAsked(`https://${host}:8443/x?y`, closed)).toBeTypeOf("string");
  });

  test.each([...loopbacks, ...privates])("%s may be watched where people allow it", (host) => {
    expect(reasonNotAsked(`http://${host}/`, open)).toBeUndefined();
  });

  test.each(metadata)("%s has credentials of a machine, and is closed even then", (host) => {
    expect(reasonNotAsked(`http://${host}/`, open)).toBeTypeOf("string");
  });

  test.each([
    "example.com",
    "EXAMPLE.com.",
    "bücher.example",
    "8.8.8.8",
    "134744072",
    "[2606:4700:4700::1111]",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
    "100.128.0.1",
    "169.253.0.1",
    "192.167.0.1",
    "notlocalhost.example",
  ])("%s is public", (host) => {
    expect(reasonNotAsked(`https://${host}/`, closed)).toBeUndefined();
  });

  test.each([
    ["file:///etc/passwd", /http/],
    ["gopher://example.com/", /http/],
    ["data:text/plain,a", /http/],
    ["example.com", /URL/],
    ["https://user:pass@example.com/", /credentials/],
    ["https://user@example.com/", /credentials/],
    ["http://example.com:25/", /port 25/],
    ["http://example.com:22/", /port 22/],
    ["http://example.com:6379/", undefined],
  ])("%s", (url, reason) => {
    const found = reasonNotAsked(url, closed);
    if (reason) expect(found).toMatch(reason);
    else expect(found).toBeUndefined();
  });

  test("no address below a private prefix is public, however it is written", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const heads = fc.constantFrom([10], [127], [192, 168], [169, 254], [100, 64], [172, 20], [0]);
    const address = fc
      .tuple(heads, fc.array(octet, { minLength: 4, maxLength: 4 }))
      .map(([head, rest]) => [...head, ...rest].slice(0, 4));
    const write = fc.constantFrom(
      (parts: number[]) => parts.join("."),
      (parts: number[]) => parts.map((part) => `0x${part.toString(16)}`).join("."),
      (parts: number[]) => parts.map((part) => `0${part.toString(8)}`).join("."),
      (parts: number[]) => String(parts.reduce((sum, part) => sum * 256 + part, 0)),
      (parts: number[]) => `0x${parts.reduce((sum, part) => sum * 256 + part, 0).toString(16)}`,
      (parts: number[]) => `[::ffff:${parts.join(".")}]`,
    );
    fc.assert(
      fc.property(address, write, (parts, spell) => {
        expect(reasonNotAsked(`http://${spell(parts)}/`, closed)).toBeTypeOf("string");
      }),
    );
  });
});

describe("servers of the installation", () => {
  const own = [
    ownServerOf("postgres://u:p@127.0.0.1:54321/db"),
    ownServerOf("https://eu1.upstash.io"),
    ownServerOf("postgresql://u:p@ep-x.neon.tech/db"),
    ownServerOf("http://storage.lan:9000"),
  ];
  test.each([...loopbacks, "192.168.1.7", "my-name.example"])(
    "%s is not asked at their ports",
    (host) => {
      const rules = { allowsPrivate: true, own };
      expect(reasonNotAsked(`http://${host}:54321/`, rules)).toMatch(/this installation/);
      expect(reasonNotAsked(`http://${host}:9000/`, rules)).toMatch(/this installation/);
      expect(reasonNotAsked(`http://${host}:54322/`, rules)).toBeUndefined();
    },
  );

  test("their names are closed, other ports of the same hosts are not", () => {
    const rules = { allowsPrivate: false, own };
    expect(reasonNotAsked("https://EU1.upstash.io./get/x", rules)).toMatch(/this installation/);
    expect(reasonNotAsked("https://eu1.upstash.io:8443/", rules)).toBeUndefined();
    expect(reasonNotReached("ep-x.neon.tech", 5432, rules)).toMatch(/this installation/);
    expect(reasonNotReached("93.184.215.14", 54_321, rules)).toBeUndefined();
    expect(reasonNotReached("example.com", 25, rules)).toMatch(/port 25/);
  });

  test("with no port, all of a host is closed", () => {
    const rules = { allowsPrivate: false, own: [{ host: "errors.example", port: undefined }] };
    expect(reasonNotAsked("https://errors.example:8443/", rules)).toMatch(/this installation/);
  });
});
