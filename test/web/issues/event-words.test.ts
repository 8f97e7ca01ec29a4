import { expect, test } from "vitest";
import {
  breadcrumbLine,
  kindOf,
  matchesCrumb,
  offsetWords,
  restOfData,
} from "../../../src/web/issues/breadcrumb-words";
import { highlightsOf, personOf } from "../../../src/web/issues/event-highlights";
import { type Breadcrumb, partsOf } from "../../../src/web/issues/event-parts";
import { tagTerm, withTag, withTerm } from "../../../src/web/issues/event-query";
import { notesIn, warningsOf } from "../../../src/web/issues/event-warnings";
import { openFramesOf, toggledFrame } from "../../../src/web/issues/open-frames";
import { hrefOf } from "../../../src/web/issues/outside-address";
import { codeLanguage } from "../../../src/web/parts/code-language";
import { recordedEvent } from "./recorded-event";

const crumb = (given: Partial<Breadcrumb>): Breadcrumb => ({
  type: "default",
  category: "",
  message: "",
  level: "info",
  at: undefined,
  data: [],
  ...given,
});

test.each<[string, Partial<Breadcrumb>, string]>([
  [
    "a request",
    {
      type: "http",
      data: Object.entries({ method: "GET", url: "/cart", status_code: 500, duration: 120.4 }),
    },
    "GET /cart 500 120 ms",
  ],
  [
    "a request by newer names",
    {
      category: "httplib",
      data: Object.entries({ "http.method": "POST", url: "/x", "http.response.status_code": 200 }),
    },
    "POST /x 200",
  ],
  ["a way", { type: "navigation", data: Object.entries({ from: "/", to: "/cart" }) }, "/ → /cart"],
  ["a message", { category: "auth", message: "signed in" }, "signed in"],
  [
    "an address that is no request",
    { category: "console", message: "x", data: [["url", "/y"]] },
    "x",
  ],
])("a breadcrumb in a line: %s", (_, given, expected) => {
  expect(breadcrumbLine(crumb(given))).toBe(expected);
});

test("data that the line says is not said again", () => {
  const request = crumb({
    type: "http",
    data: Object.entries({
      method: "GET",
      url: "/cart",
      status_code: 500,
      reason: "x",
      empty: null,
    }),
  });
  expect(restOfData(request)).toEqual([["reason", "x"]]);
});

test.each([
  [0, "0 s"],
  [-200, "−0.20 s"],
  [-2300, "−2.3 s"],
  [-65_000, "−65 s"],
  [-600_000, "−10 min"],
  [-10_800_000, "−3 h"],
  [-432_000_000, "−5 d"],
  [1500, "+1.5 s"],
])("%d ms before the event", (ms, expected) => {
  expect(offsetWords(1_000_000_000_000 + ms, 1_000_000_000_000)).toBe(expected);
});

test("breadcrumbs are found by their words, their kind and their level", () => {
  const one = crumb({
    category: "auth",
    message: "Signed in",
    level: "warning",
    data: [["who", { id: 7 }]],
  });
  const found = (text: string, kind = "", level = "") => matchesCrumb(one, { text, kind, level });
  expect([found("signed"), found('"id":7'), found(""), found("", "auth", "warning")]).toEqual(
    Array(4).fill(true),
  );
  expect([found("signed out"), found("", "http"), found("", "", "error")]).toEqual(
    Array(3).fill(false),
  );
  expect(kindOf(crumb({ type: "http" }))).toBe("http");
});

test("every recorded event is read, and its breadcrumbs have a line or data", () => {
  const event = recordedEvent("sentry-node-11.12.0-exception--event");
  const { breadcrumbs } = partsOf(event);
  expect(breadcrumbs.length).toBeGreaterThan(0);
  for (const one of breadcrumbs)
    expect(breadcrumbLine(one) !== "" || one.data.length > 0).toBe(true);
});

test.each([
  ["https://shop.example/a?b=c", true],
  ["http://localhost:3000/", true],
  ["javascript:alert(1)", false],
  ["JavaScript:alert(1)//https://x", false],
  ["data:text/html,<script>", false],
  ["https://shop.example@evil.example/", false],
  ["https://a b", false],
  ["//shop.example", false],
  ["see https://shop.example", false],
])("%s leads out: %s", (text, expected) => {
  expect(hrefOf(text) !== undefined).toBe(expected);
});

test("an address that is too long is a text", () => {
  expect(hrefOf(`https://shop.example/${"a".repeat(3000)}`)).toBeUndefined();
});

test("a term is quoted where the search would read it otherwise, and stands once", () => {
  expect(tagTerm("release", "web@1.2.3")).toBe("release:web@1.2.3");
  expect(tagTerm("url", 'https://x/?q="a b"')).toBe('url:"https://x/?q=\\"a b\\""');
  expect(tagTerm("os", "Mac OS", true)).toBe('!os:"Mac OS"');
  expect(withTerm({ environment: "prod" }, "a:b")).toEqual({ environment: "prod", query: "a:b" });
  expect(withTerm({ query: "a:b c:d" }, "a:b")).toEqual({ query: "a:b c:d" });
  expect(withTerm({ query: "x" }, "a:b")).toEqual({ query: "x a:b" });
  expect(withTag({}, "environment", "staging")).toEqual({ environment: "staging" });
  expect(withTag({}, "environment", "staging", true)).toEqual({ query: "!environment:staging" });
});

test("open frames stand in the address, at most a hundred", () => {
  expect([...openFramesOf({ frames: "0.1,2.30,x,1,0.1,__proto__" })]).toEqual(["0.1", "2.30"]);
  expect(toggledFrame({ query: "x" }, "0.1")).toEqual({ query: "x", frames: "0.1" });
  expect(toggledFrame({ query: "x", frames: "0.1" }, "0.1")).toEqual({ query: "x" });
  const many = Array.from({ length: 500 }, (_, index) => `0.${index}`).join(",");
  expect(openFramesOf({ frames: many }).size).toBe(100);
});

test("what happened to the data is said in words", () => {
  const warnings = warningsOf({
    dateCreated: "2026-01-01T00:00:00Z",
    dateReceived: "2026-01-01T00:00:00Z",
    errors: [
      { type: "clock_drift", name: "timestamp", value: "1795313776.254" },
      { type: "invalid_data", name: "user", value: "[1]" },
      { type: "payload_unavailable", name: "event", value: "s" },
    ],
    _meta: {
      exception: {
        values: {
          "0": {
            stacktrace: {
              frames: { "3": { vars: { token: { "": { rem: [["@secret:filter", "s"]] } } } } },
            },
          },
        },
      },
      logentry: { formatted: { "": { len: 90_000 } } },
    },
  });
  expect(warnings.map(({ text }) => text)).toEqual([
    "The clock of the sender was off: it said 2026-11-22T02:16:16Z. Times are put right.",
    "user was not as expected and is left out ([1])",
    "The body of this event is lost. What was counted of it is still right.",
    "Cut to the size that is kept: logentry.formatted",
    "Removed as secret or personal: frame 3: vars.token",
  ]);
});

test("notes of any shape are walked within bounds", () => {
  for (const meta of [null, [], "x", 3, { "": null }, { a: { "": 3 } }])
    expect(notesIn(meta)).toEqual({ cut: [], removed: [] });
  const wide = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`k${index}`, { "": { len: 1 } }]),
  );
  expect(notesIn(wide).cut.length).toBeLessThanOrEqual(20_000);
  const errors = Array.from({ length: 50 }, () => ({ type: "invalid_data", name: "x", value: "" }));
  expect(warningsOf({ dateCreated: "", dateReceived: "", errors, _meta: null })).toHaveLength(21);
});

test("highlights are the facts that are asked for first", () => {
  expect(
    highlightsOf(recordedEvent("sentry-browser-10.78.0-exception--event")).map(
      ({ label, value }) => `${label}: ${value}`,
    ),
  ).toEqual([
    "User: ada@example.com",
    "Browser: HeadlessChrome 156.0.0",
    "OS: Linux",
    "URL: http://127.0.0.1:9322/",
    "Transaction: /",
    "Handled: yes",
    "Mechanism: generic",
  ]);
  expect(personOf({ id: 7 })).toBe("7");
  expect(personOf({ email: null, data: {} })).toBeUndefined();
  expect(personOf(null)).toBeUndefined();
});

test.each([
  ["app/total.tsx", "javascript", "tsx"],
  ["cap.py?x=1", null, "python"],
  ["Cart.java", "java", "java"],
  ["noextension", "python-django", "python"],
  ["/constructor", "constructor", undefined],
])("%s of %s is written in %s", (file, platform, expected) => {
  expect(codeLanguage(file, platform)).toBe(expected);
});
