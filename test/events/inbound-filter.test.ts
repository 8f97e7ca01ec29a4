import { describe, expect, test } from "vitest";
import type { AcceptedEnvelope } from "../../queues/catalog";
import { prepare } from "../../src/digest/prepare";
import { inboundFilterOf } from "../../src/events/inbound-filter";
import { parseEnvelope } from "../../src/protocol/envelope";
import { type InboundFilters, LegacyBrowser } from "../../src/protocol/inbound-filters";
import { eventsOf } from "../prepared";

type Meta = Partial<AcceptedEnvelope>;
type Sample = Record<string, unknown> | [event: Record<string, unknown>, meta: Meta];

/** What filters make of an event: the reasons that were counted, or `kept`. */
function fateOf(filters: InboundFilters, sample: Sample, copies = 1): string {
  const [event, more] = Array.isArray(sample) ? sample : [sample, {}];
  const item = `{"type":"event"}\n${JSON.stringify(event)}`;
  const body = ["{}", ...Array.from({ length: copies }, () => item)].join("\n");
  const envelope = parseEnvelope(new TextEncoder().encode(body));
  if (typeof envelope === "string") throw new Error(envelope);
  const meta: AcceptedEnvelope = {
    v: 1,
    id: "00000000-0000-7000-8000-000000000001",
    receivedAt: 1_795_500_000_000,
    door: "envelope",
    projectId: 1,
    orgId: 1,
    scrubDefaults: true,
    scrubIpAddresses: true,
    encoding: null,
    ...more,
  };
  const filter = inboundFilterOf(filters);
  const prepared = prepare(meta, { ...envelope, bytes: 0 }, { ...(filter && { filter }) });
  const counted = prepared.outcomes.map(({ outcome, reason, category, quantity }) =>
    [category, outcome, reason, quantity].join(" "),
  );
  const kept = eventsOf(prepared).length;
  return [...counted, ...(kept > 0 ? [kept === 1 ? "kept" : `${kept} kept`] : [])].join(", ");
}

const thrown = (type: string, value = "", frames: Record<string, unknown>[] = []) => ({
  platform: "javascript",
  exception: { values: [{ type, value, stacktrace: { frames } }] },
});
const transaction = (name: string) => ({ ...thrown("Error"), transaction: name });
const page = (url: string) => ({ ...thrown("Error"), request: { url } });
const visitor = (ip: string) => ({ ...thrown("Error"), user: { ip_address: ip } });
const browser = (userAgent: string): Sample => [
  thrown("Error"),
  { userAgent: `Mozilla/5.0 ${userAgent}` },
];
const agentOfRequest = (agent: string) => ({
  ...thrown("Error"),
  platform: "python",
  request: { url: "https://shop.example/", headers: [["User-Agent", agent]] },
});
const chrome = (major: number) =>
  browser(
    `(X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
  );
const ownFrame = { abs_path: "https://shop.example/app.js", function: "pay", lineno: 1 };
const foreignFrame = { abs_path: "chrome-extension://abc/content.js", function: "run", lineno: 1 };

const rows: [filters: InboundFilters, reason: string, drops: Sample[], keeps: Sample[]][] = [
  [
    { "browser-extensions": true },
    "browser-extensions",
    [
      thrown("Error", "x", [ownFrame, foreignFrame]),
      thrown("Error", "x", [{ abs_path: "webkit-masked-url://hidden/", function: "f" }]),
      thrown("Error", "Extension context invalidated."),
    ],
    [
      thrown("Error", "x", [foreignFrame, ownFrame]),
      thrown("Error", "invalid context"),
      { message: "hi" },
    ],
  ],
  [
    { localhost: true },
    "localhost",
    [
      page("http://localhost:3000/a"),
      page("http://shop.localhost/"),
      page("http://127.0.0.1/"),
      page("http://[::1]:8080/"),
      visitor("127.0.0.1"),
      visitor("::1"),
    ],
    [
      page("https://localhost.example/"),
      page("https://shop.example/?from=localhost"),
      visitor("192.0.2.1"),
      // A server that reports over a proxy on the same machine is in production.
      [{ ...thrown("Error"), platform: "python" }, { ip: "127.0.0.1" }],
    ],
  ],
  [
    { "filtered-transaction": true },
    "filtered-transaction",
    [
      "GET /api/healthcheck",
      "heartbeat/x",
      "/a/health",
      "/healthz",
      "/[_health]",
      "GET /readyz",
      "/ping",
    ].map(transaction),
    ["/healthy-food", "/api/ping/pong", "GET /ready/steady", "/"].map(transaction),
  ],
  [
    { "web-crawlers": true },
    "web-crawlers",
    [
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (compatible; Baiduspider/2.0)",
      "Mozilla/5.0 (compatible; Yahoo! Slurp)",
      "facebookexternalhit/1.1",
      "Slack-ImgProxy 0.19",
      "Mediapartners-Google",
      "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
      "AWS Security Scanner",
      "Mozilla/5.0 (Linux) Bytespider",
      "Sogou web spider/4.0",
    ].map(agentOfRequest),
    [
      ...[
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/120.0.0.0",
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.0.0 Safari/537.36",
      ].map(agentOfRequest),
      thrown("Error"),
    ],
  ],
  [
    { "legacy-browsers": true },
    "legacy-browsers",
    [
      chrome(110),
      browser("(Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"),
      browser("(Windows NT 10.0) AppleWebKit/537.36 Chrome/52.0 Safari/537.36 Edge/15.15063"),
      browser(
        "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/15.6 Safari/605.1.15",
      ),
      browser("(Windows NT 10.0; rv:102.0) Gecko/20100101 Firefox/102.0"),
    ],
    [
      chrome(111),
      browser("(Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0"),
      // The server's own error, whoever asked.
      agentOfRequest("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"),
      thrown("Error"),
    ],
  ],
  [
    { "legacy-browsers": ["ie10", "edge_pre_79"] },
    "legacy-browsers",
    [
      browser("(compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)"),
      browser("(Windows NT 10.0) AppleWebKit/537.36 Chrome/52.0 Safari/537.36 Edge/15.15063"),
    ],
    [browser("(Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"), chrome(90)],
  ],
  [
    { "chunk-load-error": true },
    "chunk-load-error",
    [
      thrown("ChunkLoadError"),
      thrown("Error", "Loading chunk 7 failed.\n(https://a.example/7.js)"),
    ],
    [thrown("Error", "Loading failed")],
  ],
  [
    { "react-hydration-errors": true },
    "react-hydration-errors",
    [
      thrown("Error", "Hydration failed because the server rendered HTML didn't match the client."),
      thrown("Error", "Minified React error #418; visit https://react.dev/errors/418"),
    ],
    [thrown("Error", "Minified React error #4180"), thrown("Error", "rehydrate")],
  ],
  [
    { blacklisted_ips: ["192.0.2.0/24", "2001:db8::/32"] },
    "ip-address",
    [visitor("192.0.2.9"), visitor("2001:db8::9"), [thrown("Error"), { ip: "192.0.2.1" }]],
    [visitor("192.0.3.1"), [thrown("Error"), { ip: "198.51.100.1" }], thrown("Error")],
  ],
  [
    { releases: ["1.*", "shop@2.{0,1}.?"] },
    "release-version",
    [
      { ...thrown("Error"), release: "1.4" },
      { ...thrown("Error"), release: "SHOP@2.1.3" },
    ],
    [
      { ...thrown("Error"), release: "shop@2.2.0" },
      { ...thrown("Error"), release: "11.0" },
      thrown("Error"),
    ],
  ],
  [
    { error_messages: ["*TimeoutError: *", "disk * full"] },
    "error-message",
    [thrown("TimeoutError", "after 3 s"), { ...thrown("Error"), message: "Disk 3 full" }],
    [thrown("Error", "TimeoutError"), { ...thrown("Error"), message: "a disk is full" }],
  ],
  [
    { error_types: ["Type*"] },
    "error-type",
    [thrown("TypeError", "x")],
    [thrown("MyTypeError"), thrown("Error", "TypeError"), { message: "TypeError" }],
  ],
  [
    { user_agents: ["curl/*"] },
    "user-agent",
    [agentOfRequest("curl/8.1")],
    [agentOfRequest("libcurl/8.1"), thrown("Error")],
  ],
  [
    { countries: ["AQ"] },
    "country",
    [[thrown("Error"), { geo: { country_code: "AQ" } }]],
    [[thrown("Error"), { geo: { country_code: "CH" } }], thrown("Error")],
  ],
];

describe("each filter drops what it is for, counts it with its reason, and keeps what only looks like it", () => {
  test.each(rows)("%j", (filters, reason, drops, keeps) => {
    expect(drops.map((sample) => fateOf(filters, sample))).toEqual(
      drops.map(() => `error filtered ${reason} 1`),
    );
    expect(keeps.map((sample) => fateOf(filters, sample))).toEqual(keeps.map(() => "kept"));
    expect(drops.map((sample) => fateOf({}, sample))).toEqual(drops.map(() => "kept"));
  });
});

test("each id of a browser is known to the filter", () => {
  const fates = LegacyBrowser.options.map((id) =>
    fateOf({ "legacy-browsers": [id] }, [
      thrown("Error"),
      { userAgent: "Mozilla/5.0 (X11) Dillo/3" },
    ]),
  );
  expect(new Set(fates)).toEqual(new Set(["kept"]));
});

test("a message without an exception is counted in its own category", () => {
  expect(fateOf({ error_messages: ["hello *"] }, { message: "Hello world" })).toBe(
    "default filtered error-message 1",
  );
});

test("a secret that scrubbing removes can be filtered by", () => {
  const event = thrown("Error", "password=correct-horse-battery");
  expect(fateOf({ error_messages: ["*correct-horse*"] }, event)).toBe(
    "error filtered error-message 1",
  );
});

test("an envelope of many events that are dear to match keeps what is beyond its steps", () => {
  const filters = { error_messages: Array.from({ length: 7 }, () => `*${"[a]".repeat(150)}b*`) };
  const fate = fateOf(filters, { message: `${"a".repeat(1900)}b` }, 300);
  const [, filtered, kept] = /^default filtered error-message (\d+), (\d+) kept$/.exec(fate) ?? [];
  expect(Number(filtered) + Number(kept)).toBe(300);
  expect(Number(filtered)).toBeGreaterThan(0);
});
