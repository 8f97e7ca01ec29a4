import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NormalEvent } from "../../src/events/normal-event";
import { normalizeEvent, type Source } from "../../src/events/normalize";
import { encodePayload, storedEventOf } from "../../src/events/payload";
import { summarize } from "../../src/events/title";
import { type JsonObject, parseJson } from "../../src/protocol/json";

const receivedAt = 1_795_500_000;
const source: Source = {
  eventId: "a".repeat(32),
  receivedAt,
  connection: { ip: "203.0.113.9", geo: { country_code: "DE" } },
};
const normalize = (payload: JsonObject, more: Partial<Source> = {}) =>
  normalizeEvent(payload, { ...source, ...more });
const eventOf = (payload: JsonObject, more: Partial<Source> = {}): NormalEvent =>
  normalize(payload, more).event;
const tagsOf = (payload: JsonObject) => Object.fromEntries(eventOf(payload).tags);
const errorsOf = (payload: JsonObject) =>
  normalize(payload).report.errors.map(({ type, name }) => [type, name]);

describe("times", () => {
  const seconds = receivedAt - 100;
  const iso = new Date(seconds * 1000).toISOString();
  test.each<[unknown, number]>([
    [seconds + 0.487, seconds + 0.487],
    [String(seconds), seconds],
    [iso, seconds],
    [iso.replace("Z", ""), seconds],
    [iso.replace("T", " ").replace("Z", "+00:00"), seconds],
    [iso.replace(".000Z", ".123456789Z"), seconds + 0.123456],
    [new Date((seconds + 7200) * 1000).toISOString().replace(".000Z", "+0200"), seconds],
    [seconds * 1e3, seconds],
    [seconds * 1e6, seconds],
    [seconds * 1e9, seconds],
    [undefined, receivedAt],
    [null, receivedAt],
    [receivedAt + 3600, receivedAt],
  ])("%j", (timestamp, expected) => {
    expect(eventOf({ timestamp } as JsonObject).timestamp).toBeCloseTo(expected, 5);
  });

  test("what is no time is noted and replaced by the time of receipt", () => {
    expect(eventOf({ timestamp: "yesterday" }).timestamp).toBe(receivedAt);
    expect(errorsOf({ timestamp: "yesterday" })).toEqual([
      ["datetime_from_date_parsing", "timestamp"],
    ]);
    expect(errorsOf({ timestamp: "2026-13-45T99:00:00Z" })).toEqual([
      ["datetime_from_date_parsing", "timestamp"],
    ]);
  });

  test("a wrong clock shifts the event and its breadcrumbs", () => {
    const sentAt = receivedAt - 3600;
    const event = eventOf(
      { timestamp: sentAt - 2, breadcrumbs: [{ timestamp: sentAt - 5 }] },
      { sentAt },
    );
    expect([event.timestamp, event.breadcrumbs?.values[0]?.timestamp]).toEqual([
      receivedAt - 2,
      receivedAt - 5,
    ]);
  });
});

test.each<[unknown, string]>([
  ["warn", "warning"],
  ["log", "info"],
  ["critical", "fatal"],
  [40, "error"],
  ["WARNING", "warning"],
  ["30", "warning"],
  [undefined, "error"],
  ["nonsense", "error"],
  ["constructor", "error"],
])("level %j is %s", (level, expected) => {
  expect(eventOf({ level } as JsonObject).level).toBe(expected);
});

describe("messages", () => {
  test.each<[JsonObject, string | undefined]>([
    [{ message: "text" }, "text"],
    [{ message: { formatted: "text" } }, "text"],
    [
      { logentry: { message: "Order %s failed for %s", params: [4711, "ada"] } },
      "Order 4711 failed for ada",
    ],
    [{ logentry: { message: "{} of {name} {1}", params: ["a", "b"] } }, "a of {name} b"],
    [{ logentry: { message: "%(who)s did %d%%", params: { who: "ada" } } }, "ada did %d%"],
    [
      {
        message: "Hello message",
        "sentry.interfaces.Message": { message: "Hello message", params: ["Hello message", []] },
      },
      "Hello message",
    ],
    [{ message: "" }, undefined],
    [{ logentry: {}, message: "fallback" }, "fallback"],
    [{ logentry: null, message: null }, undefined],
    [{ logentry: { formatted: "both" }, message: "ignored" }, "both"],
  ])("%j", (payload, formatted) => {
    expect(eventOf(payload).logentry?.formatted).toBe(formatted);
  });
});

describe("tags", () => {
  test.each<[unknown]>([
    [{ a: "x", n: 1, b: true, none: null, empty: "" }],
    [[["a", "x"], ["n", 1], ["b", true], ["none", null], null]],
    [
      [
        { key: "a", value: "x" },
        { key: "n", value: 1 },
        { key: "b", value: true },
      ],
    ],
  ])("%j", (tags) => {
    const found = tagsOf({ tags } as JsonObject);
    expect(found).toMatchObject({ a: "x", n: "1", b: "true" });
    expect(found).not.toHaveProperty("none");
    expect(found).not.toHaveProperty("empty");
  });

  test("keys and values are cleaned and cut", () => {
    const found = tagsOf({ tags: { "my key!": "a\nb", long: "x".repeat(250) } });
    expect(found).toMatchObject({ my_key_: "a b" });
    expect(found.long).toHaveLength(200);
  });

  test("a reserved tag fills an empty field and never contradicts a full one", () => {
    expect(eventOf({ tags: { release: "from-tag", environment: "qa" } })).toMatchObject({
      release: "from-tag",
      environment: "qa",
    });
    expect(tagsOf({ release: "field", tags: { release: "tag" } }).release).toBe("field");
  });

  test("follow from what the event says", () => {
    const found = tagsOf({
      platform: "javascript",
      user: { id: 5, email: "a@b.c" },
      request: {
        url: "https://x.example/p?q=1",
        headers: {
          "user-agent":
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        },
      },
      exception: {
        values: [{ type: "E", value: "v", mechanism: { type: "onerror", handled: false } }],
      },
    });
    expect(found).toMatchObject({
      "user.id": "5",
      user: "id:5",
      "user.email": "a@b.c",
      url: "https://x.example/p",
      browser: "Chrome 140.0.0",
      "browser.name": "Chrome",
      "os.name": "Windows",
      handled: "no",
      mechanism: "onerror",
    });
  });
});

describe("exceptions and frames", () => {
  test.each<[string, unknown]>([
    ["values", { values: [null, { type: "E", value: 5 }] }],
    ["a list", [{ type: "E", value: { a: 1 } }]],
    ["one object", { type: "E", value: "v", mechanism: null, stacktrace: null }],
  ])("come as %s", (_, exception) => {
    expect(eventOf({ exception } as JsonObject).exception?.values).toHaveLength(1);
  });

  test("an entry that says nothing is dropped, an odd one costs itself", () => {
    expect(
      eventOf({ exception: { values: [{}, { module: "x" }, 7, { type: "E" }] } }).exception?.values,
    ).toMatchObject([{ type: "E" }]);
    expect(
      errorsOf({ exception: { values: [7, { type: "E", mechanism: "no", stacktrace: "no" }] } }),
    ).toEqual([
      ["invalid_data", "exception.values.0"],
      ["invalid_data", "exception.values.0.mechanism"],
      ["invalid_data", "exception.values.0.stacktrace"],
    ]);
  });

  test("a legacy stack belongs to the only exception that lacks one, or is the current thread", () => {
    const stacktrace = { frames: [{ filename: "a.py", function: "f", lineno: "12" }] };
    expect(
      eventOf({ stacktrace, exception: [{ type: "E" }] }).exception?.values[0]?.stacktrace?.frames,
    ).toMatchObject([{ lineno: 12 }]);
    expect(eventOf({ stacktrace, message: "m" }).threads?.values).toMatchObject([
      { current: true },
    ]);
  });

  test("of 1000 frames the first and the last stay; lines, vars and null context are bounded", () => {
    const frames = Array.from({ length: 1000 }, (_, index) => ({
      filename: "a.rb",
      function: `f${index}`,
      context_line: `${"x".repeat(500)}\n`,
      post_context: [null, "b\n"],
      vars: [1, 2],
    }));
    const { event, report } = normalize({ exception: [{ type: "E", stacktrace: { frames } }] });
    const kept = event.exception?.values[0]?.stacktrace?.frames ?? [];
    expect([kept.length, kept[0]?.function, kept.at(-1)?.function]).toEqual([250, "f0", "f999"]);
    expect(kept[0]).toMatchObject({
      context_line: "x".repeat(256),
      post_context: ["", "b"],
      vars: { 0: 1, 1: 2 },
    });
    expect(report.meta.get("exception.values.0.stacktrace.frames")).toEqual({ len: 1000 });
  });

  test("the title is that of the last exception; synthetic ones are named by their text", () => {
    const frames = [{ function: "boot", in_app: true, filename: "a.js" }];
    expect(
      summarize(
        eventOf({
          exception: [
            { type: "A", value: "1" },
            { type: "B", value: "two\nlines" },
          ],
        }),
      ).title,
    ).toBe("B: two");
    expect(
      summarize(
        eventOf({
          exception: [
            { type: "E", value: "v", mechanism: { synthetic: true }, stacktrace: { frames } },
          ],
        }),
      ).title,
    ).toBe("boot: v");
    expect(
      summarize(
        eventOf({
          message: "msg",
          exception: [{ value: "msg", mechanism: { synthetic: true }, stacktrace: { frames } }],
        }),
      ).title,
    ).toBe("msg");
    expect(summarize(eventOf({})).title).toBe("<untitled>");
  });
});

describe("request and user", () => {
  test("headers, query, cookies and bodies in all their forms", () => {
    const forms: JsonObject[] = [
      {
        headers: { "x-a": ["1", "2"], cookie: "a=b; c=d" },
        query_string: "?q=1&r=y%20x",
        data: '{"k":1}',
        url: "/p?z=1#frag",
      },
      {
        headers: [
          ["x-a", "1, 2"],
          ["Cookie", "a=b; c=d"],
        ],
        query_string: [
          ["q", "1"],
          ["r", "y x"],
        ],
        data: { k: 1 },
        url: "/p#frag",
      },
      {
        headers: [["X-A", "1, 2"]],
        cookies: { a: "b", c: "d" },
        query_string: { q: 1, r: "y x" },
        data: '{"k":1}',
        url: "/p",
        fragment: "frag",
      },
    ];
    for (const request of forms) {
      expect(eventOf({ request }).request).toEqual({
        url: "/p",
        fragment: "frag",
        query_string: [
          ["q", "1"],
          ["r", "y x"],
        ],
        headers: [["X-A", "1, 2"]],
        cookies: [
          ["a", "b"],
          ["c", "d"],
        ],
        data: { k: 1 },
      });
    }
    expect(eventOf({ request: {} }).request).toBeUndefined();
  });

  test.each<[string, JsonObject, string | undefined]>([
    ["{{auto}} is the connection", { user: { ip_address: "{{auto}}" } }, "203.0.113.9"],
    [
      "a given address stays",
      { platform: "javascript", user: { ip_address: "198.51.100.7" } },
      "198.51.100.7",
    ],
    ["browsers of old: also when missing", { platform: "javascript" }, "203.0.113.9"],
    ["servers: never the server's own", { platform: "python", user: { id: 1 } }, undefined],
    [
      "REMOTE_ADDR of the request",
      { platform: "python", request: { env: { REMOTE_ADDR: "198.51.100.8" } } },
      "198.51.100.8",
    ],
    [
      "never",
      {
        platform: "javascript",
        user: { ip_address: "{{auto}}" },
        sdk: { name: "x", settings: { infer_ip: "never" } },
      },
      undefined,
    ],
    [
      "auto",
      { platform: "node", sdk: { name: "x", settings: { infer_ip: "auto" } } },
      "203.0.113.9",
    ],
  ])("address: %s", (_, payload, expected) => {
    expect(eventOf(payload).user?.ip_address).toBe(expected);
  });

  test("geo follows the connection's address only; unknown keys become data", () => {
    expect(eventOf({ user: { ip_address: "{{auto}}", plan: "pro", id: 7 } }).user).toEqual({
      id: "7",
      ip_address: "203.0.113.9",
      geo: { country_code: "DE" },
      data: { plan: "pro" },
    });
    expect(eventOf({ user: { ip_address: "198.51.100.7" } }).user?.geo).toBeUndefined();
    expect(eventOf({ user: {} }).user).toBeUndefined();
  });
});

test("contexts: null dropped, bare values wrapped, types filled in, versions trimmed, zero ids dropped", () => {
  const contexts = {
    os: { version: "12\n" },
    gone: null,
    bare: 5,
    empty: {},
    trace: { trace_id: "0".repeat(32), span_id: "ABCDEF0123456789" },
  };
  expect(eventOf({ contexts }).contexts).toEqual({
    os: { version: "12", type: "os" },
    bare: { value: 5, type: "bare" },
    trace: { span_id: "abcdef0123456789", type: "trace" },
  });
});

test("the newest hundred breadcrumbs stay, in order", () => {
  const values = Array.from({ length: 150 }, (_, index) => ({
    message: `m${index}`,
    level: "log",
    data: "text",
  }));
  const kept = eventOf({ breadcrumbs: { values } }).breadcrumbs?.values ?? [];
  expect([kept.length, kept[0]?.message, kept[0]?.level, kept[0]?.data]).toEqual([
    100,
    "m50",
    "info",
    { value: "text" },
  ]);
});

test("release, environment, modules, fingerprint and extra", () => {
  expect(eventOf({ release: 12, dist: 7, environment: "" })).toMatchObject({
    release: "12",
    dist: "7",
  });
  expect(errorsOf({ release: "a\nb/c" })).toEqual([["invalid_data", "release"]]);
  expect(eventOf({ environment: "None" }).environment).toBeUndefined();
  expect(eventOf({ modules: { "": "", a: null, b: "1" } }).modules).toEqual({ a: null, b: "1" });
  expect(eventOf({ fingerprint: ["a", 1, null, true] }).fingerprint).toEqual(["a", "1", "true"]);
  expect(eventOf({ fingerprint: "one" }).fingerprint).toEqual(["one"]);
  expect(eventOf({ extra: [1] }).extra).toEqual({ value: [1] });
});

test("a megabyte of extra is cut per item and noted; the event stays under its limit", () => {
  const extra = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`k${index}`, "x".repeat(60_000)]),
  );
  const { event, report } = normalize({ message: "big", extra });
  expect(JSON.stringify(event.extra).length).toBeLessThan(300_000);
  expect(report.meta.get("extra.k0")).toEqual({ len: 60_000 });
});

test("an event that is still too large loses its least telling parts first", () => {
  const vars = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`v${index}`, `${index}`.repeat(90)]),
  );
  const frames = Array.from({ length: 250 }, (_, index) => ({
    filename: "a.py",
    function: `f${index}`,
    vars,
  }));
  const { event, report } = normalize({
    exception: [{ type: "E", value: "v", stacktrace: { frames } }],
  });
  const stored = storedEventOf(event, summarize(event), report, []);
  const large = { ...stored, extra: { a: "y".repeat(900_000) } };
  expect(encodePayload(large).length).toBeLessThan(1_000_000);
});

test("NaN, lone surrogates, NUL and numbers as text are repaired", () => {
  const payload = parseJson(
    '{"message":"a\\u0000b\\ud800c","extra":{"n":NaN,"i":-Infinity,"s":"NaN stays"}}',
  ) as JsonObject;
  const event = eventOf(payload);
  expect(event.logentry?.formatted).toBe("a\uFFFDb\uFFFDc");
  expect(event.extra).toEqual({ n: null, i: null, s: "NaN stays" });
});

test("the SDK's own notes on what it removed are kept", () => {
  const { report } = normalize({ _meta: { extra: { card: { "": { rem: [["!config", "s"]] } } } } });
  expect(report.meta.get("extra.card")).toEqual({ rem: [["!config", "s"]] });
});

test("no payload makes it throw, whatever the fields hold", () => {
  const names =
    "message logentry exception stacktrace threads breadcrumbs request user contexts tags extra modules fingerprint sdk debug_meta level platform timestamp release environment dist transaction server_name errors template _meta checksum logger".split(
      " ",
    );
  const payload = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(payload, (fields) => {
      const { event, report } = normalize(fields as JsonObject);
      const stored = storedEventOf(event, summarize(event), report, []);
      expect(JSON.parse(JSON.stringify(stored)).event_id).toBe(source.eventId);
    }),
    { numRuns: 500 },
  );
});
