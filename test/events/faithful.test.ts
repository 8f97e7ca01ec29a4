import { describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { scrubEvent } from "../../src/events/scrub";
import { parseTime } from "../../src/events/time";
import { summarize } from "../../src/events/title";
import type { JsonObject } from "../../src/protocol/json";
import { parseSecurityReports } from "../../src/protocol/security-report";

const eventOf = (payload: JsonObject) =>
  normalizeEvent(payload, { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} })
    .event;
const tagsOf = (payload: JsonObject) => Object.fromEntries(eventOf(payload).tags);

test.each([
  ["a bracket begins", "[db] timeout", ["[db] timeout"]],
  ["a list became", '["db", "timeout"]', ["db", "timeout"]],
  ["is plain", "db timeout", ["db timeout"]],
  ["an object became", '{"db": 1}', ['{"db": 1}']],
])("a text that %s is a fingerprint, and a parameter, or a list of them", (_, text, expected) => {
  expect(eventOf({ fingerprint: text }).fingerprint).toEqual(expected);
  const { logentry } = eventOf({ logentry: { message: "%s", params: text } });
  expect(logentry?.params).toEqual(expected);
});

test.each([
  "2026-02-30T12:00:00Z",
  "2026-02-29",
  "2026-04-31T00:00:00Z",
  "2026-00-10T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "0000-01-01T00:00:00Z",
  "2026-01-01T24:00:01Z",
  "2026-01-01T25:00:00Z",
  "2026-01-01T10:60:00Z",
  "2026-01-01T10:00:00+25:00",
  "2026-01-01T10:00:00+02:75",
])("%s is no time", (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test.each([
  ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ["2026-01-01T24:00:00Z", "2026-01-02T00:00:00.000Z"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
  ["2026-01-01T10:00:00+14:00", "2025-12-31T20:00:00.000Z"],
])("%s is one", (text, iso) => {
  expect(new Date((parseTime(text) ?? 0) * 1000).toISOString()).toBe(iso);
});

describe("tags of systems that people can filter by", () => {
  test.each([
    ["runtime", { name: "CPython", version: "3.11.4" }, "CPython 3.11.4"],
    [
      "runtime",
      { name: "CPython", version: "3.11.4 (main, Jul 25 2023) [GCC 12.2.0]" },
      "CPython 3.11.4",
    ],
    ["runtime", { name: ".NET", version: ".NET 8.0.1" }, ".NET 8.0.1"],
    ["runtime", { name: "node", version: "v22.1.0" }, "node v22.1.0"],
    ["os", { name: "Linux", version: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.90-1" }, "Linux"],
    [
      "os",
      { name: "Microsoft Windows", version: "Microsoft Windows 10.0.19045" },
      "Microsoft Windows 10.0.19045",
    ],
    ["os", { name: "Linux", version: "Linux" }, "Linux"],
    ["os", { name: "macOS", version: "14.5 [23F79]" }, "macOS 14.5"],
  ])("%s %j", (kind, context, tag) => {
    expect(tagsOf({ contexts: { [kind]: context } } as JsonObject)).toMatchObject({
      [kind]: tag,
      [`${kind}.name`]: context.name,
    });
  });
});

test("a context is known by its type where its key is another", () => {
  const tags = tagsOf({
    contexts: {
      target: { type: "os", name: "Android", version: "14" },
      phone: { type: "device", family: "Pixel", model: "Pixel 8" },
      engine: { type: "runtime", name: "Hermes", version: "0.12" },
    },
  });
  expect(tags).toMatchObject({ os: "Android 14", device: "Pixel 8", runtime: "Hermes 0.12" });
});

test("a context under its own name comes before one that says it is of that kind", () => {
  const tags = tagsOf({
    contexts: { host: { type: "os", name: "Linux" }, os: { name: "Android", version: "14" } },
  });
  expect(tags.os).toBe("Android 14");
});

test("a header whose value is an object is shown as JSON", () => {
  const headers = { "x-trace": { id: 7, hops: ["a"] }, "x-list": [{ a: 1 }, "b"] };
  expect(eventOf({ request: { url: "/", headers } }).request?.headers).toEqual([
    ["X-Trace", '{"id":7,"hops":["a"]}'],
    ["X-List", '{"a":1}, b'],
  ]);
});

test("a question mark is no function", () => {
  const frames = [{ filename: "/app/a.js", function: "?", lineno: 3, in_app: true }];
  const event = eventOf({
    exception: { values: [{ type: "E", value: "x", stacktrace: { frames } }] },
  });
  expect(summarize(event).metadata).toEqual({ type: "E", value: "x", filename: "/app/a.js" });
});

describe("security reports", () => {
  test.each([
    [{ "csp-report": {} }],
    [{ "csp-report": { "document-uri": "https://shop.example/" } }],
    [{ "csp-report": { "violated-directive": " ", "blocked-uri": "" } }],
    [[{ type: "csp-violation", url: "https://shop.example/", body: {} }]],
  ])("%j says nothing and is none", (body) => {
    expect(parseSecurityReports(body as never)).toBeUndefined();
  });

  test("one that says nothing does not cost its neighbours", () => {
    const good = {
      type: "csp-violation",
      body: { effectiveDirective: "img-src", blockedURL: "x" },
    };
    const parsed = parseSecurityReports([{ type: "csp-violation", body: {} }, good, 7] as never);
    expect([parsed?.reports.length, parsed?.malformed]).toEqual([1, 2]);
  });
});

describe("the address of a person", () => {
  const normalOf = (payload: JsonObject) =>
    normalizeEvent(payload, {
      eventId: "a".repeat(32),
      receivedAt: 1_795_500_000,
      connection: { ip: "203.0.113.9" },
    });

  test.each<[string, JsonObject[string], string | undefined, boolean]>([
    ["with the port of a gateway", "10.1.2.3:88", "10.1.2.3", false],
    ["in brackets", "[2001:db8::1]:443", "2001:db8::1", false],
    ["with a zone", "fe80::1%eth0", "fe80::1", false],
    ["mapped", "::ffff:10.7.0.1", "::ffff:10.7.0.1", false],
    ["a list, of which the rest is noted", "1.2.3.4, 5.6.7.8", "1.2.3.4", true],
    ["a list of texts", ["1.2.3.4", "5.6.7.8"], "1.2.3.4", true],
    ["a list of one text", ["1.2.3.4"], "1.2.3.4", false],
    ["after a word", "unknown, 5.6.7.8", "5.6.7.8", true],
    ["a host", "localhost", undefined, true],
    ["a number", 3_232_235_777, undefined, true],
    ["octal or decimal", "010.1.2.3", undefined, true],
    ["beyond all measure", "1.2.3.4,".repeat(1000), undefined, true],
    ["nothing", "", undefined, false],
    ["null", null, undefined, false],
    ["left to us", "{{auto}}", "203.0.113.9", false],
  ])("%s", (_, given, address, isNoted) => {
    const { event, report } = normalOf({ platform: "node", user: { ip_address: given } });
    expect(event.user?.ip_address).toBe(address);
    expect(report.errors.map(({ name }) => name)).toEqual(isNoted ? ["user.ip_address"] : []);
  });

  test("that a request names is as strict, and the connection stands in for what is none", () => {
    const addressFrom = (REMOTE_ADDR: string) =>
      normalOf({ platform: "javascript", request: { env: { REMOTE_ADDR } } }).event.user;
    expect(addressFrom("198.51.100.8:4711")).toMatchObject({ ip_address: "198.51.100.8" });
    expect(addressFrom("unix:")).toMatchObject({ ip_address: "203.0.113.9" });
  });

  test("is not quoted where addresses are not kept", () => {
    const { event, report } = normalOf({ user: { ip_address: "1.2.3.4, 5.6.7.8" } });
    scrubEvent(event, report, { defaults: false, keepIp: false });
    expect(JSON.stringify([event, report.errors])).not.toMatch(/1\.2\.3\.4|5\.6\.7\.8/);
  });
});
