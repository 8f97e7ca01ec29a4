import { expect, test } from "vitest";
import { clientAddress, withClientAddress } from "../../src/platform/client-address";

const asked = (headers: Record<string, string>, clientIp?: string) =>
  Object.assign(new Request("http://errors.example/", { headers }), {
    cf: clientIp === undefined ? undefined : { clientIp },
  }) as unknown as Request;

test.each([
  ["the platform's header", { "cf-connecting-ip": "192.0.2.7" }, undefined, "192.0.2.7"],
  [
    "the header wins over the connection",
    { "cf-connecting-ip": "192.0.2.7" },
    "127.0.0.1:1",
    "192.0.2.7",
  ],
  ["the connection, without its port", {}, "198.51.100.3:40112", "198.51.100.3"],
  ["a connection of IPv6", {}, "[2001:db8::1]:40112", "2001:db8::1"],
  ["a connection without a port", {}, "2001:db8::1", "2001:db8::1"],
  ["nothing", {}, undefined, undefined],
  ["words that are no address", { "cf-connecting-ip": "<script>" }, "192.0.2.7:1", undefined],
  ["a text without end", { "cf-connecting-ip": "1".repeat(10_000) }, undefined, undefined],
] as const)("the address of a request: %s", (_, headers, connection, expected) => {
  expect(clientAddress(asked(headers, connection), "cf-connecting-ip")).toBe(expected);
});

test("of a list of addresses the last one counts, which the operator's proxy added", () => {
  const request = asked({ "x-forwarded-for": "203.0.113.9, 192.0.2.1 ,198.51.100.3" });
  expect(clientAddress(request, "x-forwarded-for")).toBe("198.51.100.3");
});

test("what a client says in the platform's header is replaced by what the proxy says", () => {
  const request = asked({ "cf-connecting-ip": "203.0.113.9", "x-real-ip": "192.0.2.7" });
  const seen = withClientAddress(request, "x-real-ip");
  expect(seen.headers.get("cf-connecting-ip")).toBe("192.0.2.7");
});

test("what a client says in the platform's header goes when the proxy says nothing", () => {
  const request = asked({ "cf-connecting-ip": "203.0.113.9" });
  expect(withClientAddress(request, "x-real-ip").headers.get("cf-connecting-ip")).toBeNull();
});

test("a request that says it right already is passed on as it is", () => {
  const request = asked({ "cf-connecting-ip": "192.0.2.7" });
  expect(withClientAddress(request, "cf-connecting-ip")).toBe(request);
});
