import { expect, test } from "vitest";
import type { AcceptedEnvelope } from "../../queues/catalog";
import { type Prepared, prepare } from "../../src/digest/prepare";
import { decodePayload, type StoredEvent } from "../../src/events/payload";
import { parseEnvelope } from "../../src/protocol/envelope";
import { eventsOf } from "../prepared";

/** Envelopes that are cheap to send and were dear to digest. Cost is counted; nothing here looks at a clock. */

const meta: AcceptedEnvelope = {
  v: 1,
  id: "00000000-0000-7000-8000-000000000001",
  receivedAt: 1_795_500_000_000,
  door: "envelope",
  projectId: 1,
  orgId: 1,
  scrubDefaults: true,
  scrubIpAddresses: false,
  encoding: null,
};

function digested(items: [type: string, payload: unknown][]): Prepared {
  const lines = items.flatMap(([type, payload]) => [
    JSON.stringify({ type }),
    typeof payload === "string" ? payload : JSON.stringify(payload),
  ]);
  const envelope = parseEnvelope(new TextEncoder().encode(["{}", ...lines].join("\n")));
  if (typeof envelope === "string") throw new Error(envelope);
  return prepare(meta, { ...envelope, bytes: 0 });
}

function storedOf(event: unknown): StoredEvent {
  const prepared = digested([["event", event]]);
  expect(prepared.outcomes).toEqual([]);
  const [only] = eventsOf(prepared);
  if (!only) throw new Error("nothing was stored");
  return decodePayload(only.payload).event;
}

const countOf = ({ outcomes }: Prepared, reason: string) =>
  outcomes.filter((row) => row.reason === reason).reduce((sum, row) => sum + row.quantity, 0);

const many = <T>(count: number, value: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => value(index));
const names = (count: number, value: unknown) =>
  Object.fromEntries(many(count, (index) => [`k${index}`, value]));
const text = (length: number) => "x".repeat(length);
const frame = {
  filename: "/app/a.js",
  function: " [as".repeat(120),
  lineno: 1,
  in_app: true,
  vars: names(10, text(90)),
};
const stack = { frames: many(250, () => frame) };
const worst = many(16, (n) => ({ type: `E${n}`, stacktrace: stack, raw_stacktrace: stack }));

const heavy: [string, unknown][] = [
  ["exceptions", { exception: worst }],
  ["threads", { threads: { values: worst } }],
  ["notes of the SDK", { message: "x", _meta: names(5000, { "": { rem: [["rule", "x"]] } }) }],
  ["notes of ours", { message: "x", extra: names(400, names(9, text(4000))) }],
  ["secrets", { message: "x", extra: names(400, "token=abcdefgh&".repeat(1000)) }],
  ["signs that JSON escapes", { extra: names(16, "\u0001".repeat(16_000)) }],
  ["contexts", { message: "x", contexts: names(100, names(20, text(4000))) }],
  ["a list of a million numbers", { message: "x", extra: { rows: many(1_000_000, () => 1) } }],
  ["a body that is JSON", { request: { data: JSON.stringify(many(200_000, () => [])) } }],
  ["headers", { request: { headers: names(2000, text(3000)), cookies: names(2000, text(300)) } }],
  ["tags", { message: "x", tags: many(50_000, (n) => [`k${n % 10}`, text(50)]) }],
  ["images", { message: "x", debug_meta: { images: many(500, () => names(50, text(400))) } }],
  ["a template", { logentry: { message: "%s".repeat(4000), params: many(100, () => text(1000)) } }],
  [
    "breadcrumbs",
    { breadcrumbs: many(500, () => ({ message: text(12_000), data: { a: text(12_000) } })) },
  ],
];

test.each(heavy)("stored within 1 MiB: %s", (_, event) => {
  const stored = storedOf(event);
  expect(JSON.stringify(stored).length).toBeLessThanOrEqual(1024 * 1024);
  expect(JSON.stringify(stored._meta ?? {}).length).toBeLessThanOrEqual(64 * 1024);
});

test("39 events of a megabyte in one envelope cost no more than a few: the rest is counted", () => {
  const event = { exception: worst.slice(0, 2) };
  const prepared = digested(many(39, () => ["event", event]));
  expect(eventsOf(prepared).length).toBeGreaterThanOrEqual(2);
  expect(eventsOf(prepared).length).toBeLessThan(8);
  expect(eventsOf(prepared).length + countOf(prepared, "too_large")).toBe(39);
});

test("a thousand small events in one envelope are not a thousand to store", () => {
  const prepared = digested(many(1000, (n) => ["event", { message: `m${n}` }]));
  expect(eventsOf(prepared).length).toBeLessThan(310);
  expect(eventsOf(prepared).length + countOf(prepared, "too_large")).toBe(1000);
});

test("browser reports beyond a hundred a request are counted", () => {
  const report = {
    type: "csp-violation",
    body: { effectiveDirective: "img" },
    url: "https://a.b/",
  };
  const prepared = digested([["raw_security", many(130, () => report)]]);
  expect([eventsOf(prepared).length, countOf(prepared, "too_large")]).toEqual([100, 30]);
});

test("extra data of 1.1 MB costs its end, and the event says so", () => {
  const stored = storedOf({ message: "heavy", extra: { dump: text(1_100_000), small: 1 } });
  expect(stored.extra?.small).toBe(1);
  expect(String(stored.extra?.dump).length).toBeGreaterThanOrEqual(16 * 1024);
  expect(stored._meta).toMatchObject({ extra: { dump: { "": { len: 1_100_000 } } } });
});

test("extra data of 15 MB in small pieces costs its end, and the event says so", () => {
  const rows = many(150_000, (id) => ({ id, name: `row ${id}`, note: text(60) }));
  const stored = storedOf({ message: "heavy", extra: { rows }, tags: { a: "b" } });
  expect(stored.tags).toContainEqual(["a", "b"]);
  expect(stored.extra?.rows).toHaveProperty("0", rows[0]);
  expect(stored.errors).toContainEqual({
    type: "value_too_long",
    name: "event",
    value: "long lists were shortened",
  });
});

test("a hundred breadcrumbs of 12 kB are kept with their beginnings, and the event says so", () => {
  const crumb = (n: number) => ({ message: `${n} ${text(12_000)}`, category: "log" });
  const stored = storedOf({ message: "heavy", breadcrumbs: many(100, crumb) });
  const crumbs = stored.breadcrumbs?.values ?? [];
  expect(crumbs).toHaveLength(100);
  expect(crumbs.map(({ message }) => message?.length)).toEqual(Array(100).fill(8192));
  expect(stored._meta).toHaveProperty("breadcrumbs.values.99.message", {
    "": { len: 12_003 },
  });
});

test("an event that must be reduced says what was left out", () => {
  const breadcrumbs = many(100, () => ({ message: text(12_000), data: { a: text(4000) } }));
  const stored = storedOf({ message: "heavy", breadcrumbs, modules: { a: "1" } });
  expect(stored.breadcrumbs?.values).toHaveLength(20);
  expect(stored.errors).toContainEqual({
    type: "value_too_long",
    name: "event",
    value: "left out: notes, variables, modules, older breadcrumbs",
  });
});
