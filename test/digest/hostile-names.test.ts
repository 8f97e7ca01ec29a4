import { describe, expect, test } from "vitest";
import type { AcceptedEnvelope } from "../../queues/catalog";
import { prepare } from "../../src/digest/prepare";
import { decodePayload } from "../../src/events/payload";
import { toEvent, toRawEvent } from "../../src/issues/event-shapes";
import { parseEnvelope } from "../../src/protocol/envelope";
import { harmDone, hostileNames, hostileObject, hostilePaths, membersOf } from "../hostile-names";
import { eventsOf } from "../prepared";

const meta: AcceptedEnvelope = {
  v: 1,
  id: "0198f2a0-0000-7000-8000-000000000000",
  receivedAt: 1_795_500_000_000,
  door: "envelope",
  projectId: 1,
  orgId: 1,
  scrubDefaults: true,
  scrubIpAddresses: true,
  encoding: null,
  ip: "203.0.113.9",
};

const encoder = new TextEncoder();

function prepared(text: string) {
  const bytes = encoder.encode(text);
  const envelope = parseEnvelope(bytes);
  if (typeof envelope === "string") throw new Error(envelope);
  return prepare(meta, { ...envelope, bytes: bytes.length });
}

type Members = { [name: string]: unknown };
const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null;

/** Every copy of a document in which one member, however deep, is another. */
function* variantsOf(document: unknown, replacements: unknown[]): Generator<unknown> {
  yield* replacements;
  if (!isMembers(document)) return;
  if (!Array.isArray(document)) yield { ...document, ...hostileObject };
  for (const [name, member] of Object.entries(document)) {
    for (const variant of variantsOf(member, replacements)) {
      if (Array.isArray(document)) yield document.with(Number(name), variant);
      else yield { ...document, [name]: variant };
    }
  }
}

/** What may stand where something else is expected. */
const replacements = [
  hostileObject,
  [hostileObject, ...hostileNames, ...hostilePaths, ...hostileNames.map((name) => [name, name])],
  "__proto__",
];

const frame = {
  filename: "/app/a.js",
  abs_path: "/app/a.js",
  function: "f",
  module: "m",
  package: "p",
  platform: "node",
  lineno: 1,
  colno: 2,
  context_line: "f()",
  pre_context: ["a"],
  post_context: ["b"],
  in_app: true,
  vars: { a: 1 },
  data: { a: 1 },
  lock: { a: 1 },
  instruction_addr: "0x1",
};
const stacktrace = { frames: [frame], registers: { a: "0x1" } };

const event = {
  event_id: "c".repeat(32),
  timestamp: 1_795_499_999,
  platform: "javascript",
  level: "error",
  logger: "l",
  transaction: "t",
  server_name: "s",
  release: "r@1",
  dist: "d",
  environment: "production",
  logentry: { message: "%s %(constructor)s {toString}", params: { a: "b" } },
  exception: {
    values: [
      {
        type: "Error",
        value: "it broke",
        module: "m",
        thread_id: 1,
        mechanism: {
          type: "generic",
          handled: false,
          exception_id: 0,
          parent_id: 0,
          source: "s",
          data: { a: 1 },
          meta: { errno: { number: 1 } },
        },
        stacktrace,
        raw_stacktrace: stacktrace,
      },
    ],
  },
  threads: { values: [{ id: 1, name: "main", held_locks: { a: {} }, stacktrace }] },
  breadcrumbs: {
    values: [
      { type: "http", category: "c", message: "m", level: "info", timestamp: 1, data: { a: 1 } },
    ],
  },
  request: {
    method: "POST",
    url: "https://a.example/?constructor=1&__proto__=2&password=3",
    query_string: "constructor=1",
    fragment: "f",
    cookies: "constructor=1; __proto__=2",
    headers: { "User-Agent": "Mozilla/5.0", Cookie: "a=b" },
    data: "constructor=1&__proto__=2",
    env: { REMOTE_ADDR: "203.0.113.7" },
    body_size: 1,
  },
  user: { id: 1, email: "a@b.example", geo: { city: "c" }, data: { a: 1 } },
  contexts: {
    trace: { trace_id: "a".repeat(32), span_id: "b".repeat(16), data: { a: 1 } },
    os: { name: "o", version: "1" },
    device: { model: "m", family: "f" },
    other: { a: 1 },
  },
  device: { family: "f" },
  tags: { a: "b" },
  extra: { a: { b: [1] }, json: '{"__proto__":{"password":"x"},"constructor":{"password":"x"}}' },
  modules: { a: "1" },
  sdk: { name: "sentry.constructor", version: "1", integrations: ["a"], packages: [{ name: "n" }] },
  fingerprint: ["{{ default }}", "{{ tags.constructor }}"],
  template: frame,
  debug_meta: { images: [{ type: "sourcemap" }] },
  errors: [{ type: "t", name: "n", value: "v" }],
  _meta: { extra: { a: { "": { rem: [["!", "x"]], len: 1 } } } },
  "sentry.interfaces.Http": { url: "/" },
};

const reports = {
  csp: { "csp-report": { "document-uri": "https://a.example/", "blocked-uri": "inline" } },
  "a list of reports": [
    {
      type: "csp-violation",
      age: 1,
      url: "https://a.example/",
      user_agent: "Mozilla/5.0",
      body: { blockedURL: "inline", effectiveDirective: "script-src" },
    },
    { type: "network-error", age: 1, url: "https://a.example/", body: { type: "dns.error" } },
  ],
  "expect-ct": { "expect-ct-report": { hostname: "a.example" } },
  hpkp: { "known-pins": ["a"], hostname: "a.example" },
};

const line = (value: unknown) => JSON.stringify(value);
const envelopeOf = (header: unknown, item: unknown, payload: unknown) =>
  [header, item, payload].map(line).join("\n");

const innocent = envelopeOf({ event_id: "d".repeat(32) }, { type: "event" }, event);
const expected = line(shownOf(innocent));

/** What the API would tell of the events in an envelope. */
function shownOf(text: string) {
  return eventsOf(prepared(text)).map(({ payload, eventId, summary }) => {
    const row = {
      projectId: "1",
      eventId,
      issueId: "1",
      receivedAt: "2026-11-25T00:00:00Z",
      segmentId: "",
      offset: 0,
      length: 0,
    };
    const read = { row, event: decodePayload(payload).event } as unknown as Parameters<
      typeof toEvent
    >[0];
    return { summary, event: toEvent(read), raw: toRawEvent(read) };
  });
}

function assertHarmless(text: string): void {
  const json = line(shownOf(text));
  expect(harmDone()).toEqual([]);
  JSON.parse(json, (name, value: unknown) => {
    if (name === "__proto__") throw new Error("__proto__ is the name of a stored member");
    return value;
  });
}

describe("names that mean something to the language are only names", () => {
  test("as fields of an event", () => {
    assertHarmless(envelopeOf({}, { type: "event" }, { ...event, ...hostileObject }));
    assertHarmless(envelopeOf({}, { type: "event" }, hostileObject));
  });

  test.each(Object.entries(event))("in every field of an event: %s", (name, field) => {
    for (const variant of variantsOf(field, replacements)) {
      assertHarmless(
        envelopeOf({}, { type: "event" }, { platform: "javascript", [name]: variant }),
      );
    }
  });

  test.each(Object.entries(reports))("in every field of a security report: %s", (_, report) => {
    for (const variant of variantsOf(report, replacements)) {
      assertHarmless(envelopeOf({}, { type: "raw_security" }, variant));
    }
  });

  test("in every field of the headers of an envelope and of an item", () => {
    const header = {
      event_id: "c".repeat(32),
      dsn: "https://a@b.example/1",
      sent_at: "2026-11-25T00:00:00Z",
      sdk: { name: "s", version: "1", settings: { infer_ip: "auto" }, packages: [{ name: "n" }] },
      trace: { trace_id: "a".repeat(32), release: "r", environment: "e" },
    };
    for (const variant of variantsOf(header, replacements)) {
      if (!isMembers(variant) || Array.isArray(variant)) continue;
      assertHarmless(envelopeOf(variant, { type: "event" }, { message: "x" }));
    }
    const item = { type: "event", length: 15, content_type: "a/b", item_count: 1, filename: "f" };
    for (const variant of variantsOf(item, replacements)) {
      assertHarmless(envelopeOf({}, variant, { message: "xx" }));
    }
  });

  test("as the type of an item", () => {
    for (const type of [...hostileNames, ...hostilePaths].filter((each) => each !== "")) {
      expect(prepared(envelopeOf({}, { type }, hostileObject)).outcomes).toMatchObject([
        { category: "unknown", outcome: "invalid", reason: "unknown_item_type" },
      ]);
    }
    expect(harmDone()).toEqual([]);
  });

  test("in the payload of an item that is only counted", () => {
    for (const type of ["transaction", "session", "check_in", "log", "attachment", "feedback"]) {
      expect(prepared(envelopeOf({}, { type }, hostileObject)).outcomes).toHaveLength(1);
    }
    expect(harmDone()).toEqual([]);
  });

  test("as categories and reasons of a client report", () => {
    const rows = (name: string) => ({ category: name, reason: name, quantity: 1 });
    const names = hostileNames.filter((each) => each !== "");
    const report = { discarded_events: names.map(rows), ...membersOf(names, rows) };
    for (const variant of variantsOf(report, replacements)) {
      assertHarmless(envelopeOf({}, { type: "client_report" }, variant));
    }
    const { outcomes } = prepared(envelopeOf({}, { type: "client_report" }, report));
    expect(outcomes.length).toBeGreaterThan(0);
    expect(harmDone()).toEqual([]);
  });
});

test("data is kept under every name but __proto__, of which a note remains", () => {
  const names = hostileNames.filter((name) => name !== "");
  const data = membersOf(names, (name) => ({ name }));
  const [shown] = shownOf(
    envelopeOf(
      {},
      { type: "event" },
      { message: "x", extra: data, contexts: data, modules: data, tags: names.map((n) => [n, n]) },
    ),
  );
  const kept = names.filter((name) => name !== "__proto__").toSorted();
  // The tag `user` is ours: it says who the person is.
  const tagsKept = names.filter((name) => name !== "user");
  const { context, contexts, packages, tags, errors } = shown?.event ?? {};
  expect(Object.keys(context ?? {}).toSorted()).toEqual(kept);
  expect(Object.keys(contexts ?? {}).toSorted()).toEqual(kept);
  expect(Object.keys(packages ?? {}).toSorted()).toEqual(kept);
  expect(tags?.map(({ key }) => key)).toEqual(expect.arrayContaining(tagsKept));
  expect(errors).toEqual(
    [
      ["contexts", "__proto__"],
      ["extra", "__proto__"],
      ["modules", "__proto__"],
      ["tags.user", "user"],
    ].map(([name, value]) => ({ type: "invalid_attribute", name, value })),
  );
});

test("after all of that another event is what it was before", () => {
  expect(line(shownOf(innocent))).toBe(expected);
});
