import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../../src/events/payload";
import { matcherOf } from "../../src/issues/search/event-match";
import { parseSearch } from "../../src/issues/search/parse";
import { tells } from "../../src/issues/telling-event";

const event = {
  event_id: "a".repeat(32),
  timestamp: 1,
  received: 1,
  level: "error",
  platform: "node",
  type: "error",
  title: "TypeError: cart is undefined",
  culprit: "pay(/app/shop.js)",
  metadata: {},
  hashes: [],
  errors: [],
  environment: "staging",
  request: { url: "https://shop.example.com/pay" },
  user: { id: "7", email: "ada@example.com", ip_address: "192.0.2.1" },
  contexts: { trace: { trace_id: "b".repeat(32) } },
  exception: {
    values: [
      {
        type: "TypeError",
        value: "Cart is undefined",
        mechanism: { type: "onerror" },
        stacktrace: { frames: [{ function: "pay", filename: "/app/shop.js", in_app: true }] },
      },
    ],
  },
  tags: [
    ["browser", "Safari 11.2"],
    ["environment", "staging"],
    ["handled", "no"],
    ["plan", "pro"],
    ["toString", "yes"],
  ],
} as unknown as StoredEvent;

const matches = (query: string) => matcherOf(parseSearch(query).root)?.(event);

describe("an event", () => {
  test.each([
    "plan:pro",
    "plan:[free, pro]",
    "tags[plan]:pro",
    "browser:safari*2",
    'browser:"Safari 11*"',
    "environment:staging",
    "level:error platform:node",
    "!plan:free",
    'release:""',
    "!has:release",
    "has:[release, plan]",
    "has:user",
    "user:id:7",
    "user:ada@example.com",
    "user.ip:192.0.2.1",
    "error.type:TypeError",
    "error.handled:false",
    "error.unhandled:true",
    "error.mechanism:onerror",
    "stack.filename:*shop.js",
    "stack.function:pay",
    "message:CART",
    "message:cart*undefined",
    "title:typeerror*",
    "cart undefined",
    '"cart is"',
    `trace:${"b".repeat(32)}`,
    `id:${"A".repeat(32)}`,
    "toString:yes",
    "has:toString",
    "*",
  ])("is found by %s", (query) => expect([query, matches(query)]).toEqual([query, true]));

  test.each([
    "plan:Pro",
    "plan:free",
    "!plan:pro",
    'plan:""',
    "!has:plan",
    "browser:Safari",
    "browser:*11.2*11.2",
    "user:id:8",
    "user:email:7",
    "error.handled:1",
    "stack.function:pay2",
    "title:cart",
    "cart missing",
    "constructor:x",
    "has:constructor",
    "__proto__:x",
    "tags[level]:error",
    `!id:${"a".repeat(32)}`,
  ])("is not found by %s", (query) => expect([query, matches(query)]).toEqual([query, false]));

  test.each([
    "is:resolved",
    "timesSeen:>1",
    "lastSeen:-1h",
    "project:shop",
    "id:7",
    "error.handled:2",
  ])("is not asked for %s", (query) =>
    expect(() => matches(query)).toThrow(/is of the issue|no event id|neither true/),
  );

  test("is every event where nothing is asked for", () => expect(matches("  ")).toBeUndefined());
});

test("source of one's own code tells more than all else, and a lost payload tells nothing", () => {
  const bare = { ...event, exception: undefined, user: undefined, request: undefined };
  const [first] = event.exception?.values ?? [];
  const frames = [{ function: "pay", in_app: true, context_line: "pay();" }];
  const withSource = { ...bare, exception: { values: [{ ...first, stacktrace: { frames } }] } };
  const order = [
    undefined,
    bare,
    { ...bare, user: { id: "7" } },
    { ...bare, breadcrumbs: { values: [{}] } },
    event,
    withSource,
  ] as (StoredEvent | undefined)[];
  const scores = order.map(tells);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  expect(new Set(scores).size).toBe(order.length);
});
