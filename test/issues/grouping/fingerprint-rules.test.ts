import { describe, expect, test } from "vitest";
import { resolveTitle } from "../../../src/issues/grouping/fingerprint";
import { groupEvent } from "../../../src/issues/grouping/group-event";
import { parseFingerprintRules } from "../../../src/protocol/fingerprint-rules";
import type { JsonObject } from "../../../src/protocol/json";
import { isFault, wordsOfFault } from "../../../src/protocol/rule-text";
import { normalized } from "./recorded";
import { errorOf, exceptionOf } from "./written";

const plenty = 4_000_000;

function grouped(rules: string, payload: JsonObject, left = plenty) {
  const fingerprint = parseFingerprintRules(rules);
  if (isFault(fingerprint)) throw new Error(wordsOfFault(fingerprint));
  const event = normalized(payload);
  const result = groupEvent(event, false, { fingerprint, stack: [] }, { left });
  return { event, ...result };
}

const isHit = (rules: string, payload: JsonObject) => grouped(rules, payload).rule !== undefined;

const error = (type: string, value = "it broke", ...frames: string[]) =>
  errorOf("python", [type, value, ...frames]);
const native = (...frames: string[]) => errorOf("native", ["SIGSEGV", "crash", ...frames]);
const withPackage = (payload: JsonObject, path: string): JsonObject => ({
  ...payload,
  exception: {
    values: [{ type: "X", value: "x", stacktrace: { frames: [{ function: "f", package: path }] } }],
  },
});

const assertIn = (frame: string) => error("E", "x", frame, "go | app.py | go()");

test.each<[rule: string, hit: JsonObject, miss: JsonObject]>([
  ["type:DbDown -> db", error("DbDown"), error("dbdown")],
  ["type:A* -> a", error("Abc"), error("bA")],
  ['value:"timeout after *" -> timeout', error("E", "Timeout after 3 s"), error("E", "a timeout")],
  [
    'value:"conn: *" -> conn, {{ transaction }}',
    { ...error("E", "conn: reset"), transaction: "a" },
    error("E", "connection: x"),
  ],
  ['message:"job * failed" -> job', error("E", "job 7 failed"), error("E", "job 7 failed twice")],
  [
    'logger:"audit.*" -> audit, {{ message }}',
    { message: "x", logger: "audit.login" },
    { message: "x", logger: "audits" },
  ],
  [
    "logger:x level:error -> x-error",
    { message: "x", logger: "x", level: "error" },
    { message: "x", logger: "x", level: "info" },
  ],
  [
    'tags.server_name:"canary-*" -> canary',
    { message: "x", tags: { server_name: "canary-1" } },
    { message: "x", tags: { host: "canary-1" } },
  ],
  [
    'path:"**/utils/*.js" -> utils, {{ type }}',
    error("E", "x", "f | app/utils/a.js"),
    error("E", "x", "f | app/utils/deep/a.js"),
  ],
  ['module:"lib/*" -> lib', error("E", "x", "f | m:lib/a/b"), error("E", "x", "f | m:Lib/a")],
  ["function:assert_* -> assert", assertIn("- assert_ok | t.py"), assertIn("ok_assert | t.py")],
  [
    "app:yes function:assert -> assert",
    assertIn("assert | t.py | x"),
    assertIn("- assert | site-packages/t.py | x"),
  ],
  [
    "function:connect module:bot -> bot",
    error("E", "x", "connect | m:bot"),
    error("E", "x", "connect | m:a", "run | m:bot"),
  ],
  [
    'package:"**/libcurl.so" -> curl',
    withPackage(native(), "/usr/lib/libcurl.so"),
    withPackage(native(), "/usr/lib/libcurl.so.4"),
  ],
  ['family:native !module:"mine::*" -> foreign', native("f | m:other::x"), native("f | m:mine::x")],
  [
    "function:query -> {{ default }}, {{ transaction }}",
    error("E", "x", "query | db.py"),
    error("E", "x", "queries | db.py"),
  ],
  ["type:Api -> api, {{ tags.status }}", error("Api"), error("ApiError")],
  [
    "!type:Known* level:fatal -> fatal",
    { ...error("Other"), level: "fatal" },
    { ...error("KnownOne"), level: "fatal" },
  ],
  ['type:"A\\[B\\]" -> ab', error("A[B]"), error("AB")],
  [
    'logger:my.* -> {{ logger }} title="Log {{ logger }}"',
    { message: "x", logger: "my.a" },
    { message: "x", logger: "mya" },
  ],
])("%s", (rule, hit, miss) => {
  expect([isHit(rule, hit), isHit(rule, miss)]).toEqual([true, false]);
});

describe("what a rule decides", () => {
  const primary = (rules: string, payload: JsonObject) =>
    grouped(rules, payload).groupings.g2.primary;

  test("all that it finds is one issue, in every version of grouping", () => {
    const one = grouped("type:Db* -> db", error("DbDown", "a", "f | a.py | x"));
    const two = grouped("type:Db* -> db", error("DbGone", "b", "g | b.py | y"));
    expect(one.groupings.g1?.primary).toBe(two.groupings.g1?.primary);
    expect(one.groupings.g2.primary).toBe(two.groupings.g2.primary);
    expect(one.groupings.g2.secondary).toEqual([]);
    expect(one.groupings.g2.explanation.override).toBe("fingerprint rule: type:Db* -> db");
    expect(one.event.grouping_rule).toEqual({ text: "type:Db* -> db", values: ["db"] });
  });

  test("the first one that is met decides", () => {
    const rules = "# the database\ntype:DbDown -> down\n\ntype:Db* -> db";
    expect(grouped(rules, error("DbDown")).rule?.values).toEqual(["down"]);
    expect(grouped(rules, error("DbGone")).rule?.values).toEqual(["db"]);
  });

  test("before the fingerprint that the client sent, which it may also give back", () => {
    const sent = { ...error("A"), fingerprint: ["sent"] };
    expect(primary("type:A -> ruled", sent)).toBe(
      primary("type:A -> ruled", { ...sent, fingerprint: ["other"] }),
    );
    expect(primary("type:A -> {{ default }}", sent)).toBe(primary("", error("A")));
  });

  test("variables tell events apart, and what is missing has a name", () => {
    const at = (transaction: string) => ({ ...error("A"), transaction });
    const rule = "type:A -> a, {{ transaction }}";
    expect(primary(rule, at("x"))).not.toBe(primary(rule, at("y")));
    expect(primary("type:A -> a, {{ tags.x-y }}", error("A"))).not.toBe(
      primary("type:A -> a, {{ tags.x-y }}", { ...error("A"), tags: { "x-y": "1" } }),
    );
  });

  test("a title may hold variables", () => {
    const { event } = grouped("", { ...error("A", "b"), logger: "my" });
    expect(resolveTitle("Log {{ logger }}: {{ error.type }}", event)).toBe("Log my: A");
  });

  test("conditions on events hold for any exception of a chain, those on frames for one frame", () => {
    const chain = errorOf("python", ["Cause", "a"], ["Wrapper", "b"]);
    expect(isHit("type:Cause -> c", chain)).toBe(true);
    expect(isHit("!type:Cause -> c", chain)).toBe(false);
  });

  test("an event without frames is of its own family", () => {
    const bare = { platform: "javascript", exception: { values: [exceptionOf(["E", "x"])] } };
    expect(isHit("family:javascript type:E -> js", bare)).toBe(true);
    expect(isHit("family:native type:E -> js", bare)).toBe(false);
  });

  test("without steps left none is followed", () => {
    expect(grouped("value:*a*b*c* -> x", error("E", "abc".repeat(500)), 10).rule).toBeUndefined();
  });
});

test.each<[string, string]>([
  ["type:A", "line 1, column 7: conditions -> values: the -> is missing"],
  ["\n# x\n -> a", "line 3, column 1: a rule needs a condition"],
  ["type:A -> ", "line 1, column 10: a rule needs a value behind ->"],
  ["typ:A -> a", 'line 1, column 1: nothing is called "typ" here'],
  ["tags.:A -> a", 'line 1, column 1: nothing is called "tags." here'],
  ["tags:A -> a", 'line 1, column 1: nothing is called "tags" here'],
  ["constructor:A -> a", 'line 1, column 1: nothing is called "constructor" here'],
  ["level:x type: -> a", 'line 1, column 9: "type" needs a pattern'],
  ["DbDown -> a", "line 1, column 1: a condition is written name:pattern"],
  ["type:[a -> a", "line 1, column 1: the pattern has a [ that is not closed"],
  ['type:"a -> a', "line 1, column 13: conditions -> values: the -> is missing"],
  ["app:perhaps -> a", "line 1, column 1: the pattern of app is yes or no"],
  [
    "family:python -> a",
    "line 1, column 1: the pattern is one or more of javascript, native, other",
  ],
  [
    "type:A -> a b",
    "line 1, column 13: values are apart by commas; a value with blanks stands in quotes",
  ],
  ["type:A -> a,, b", "line 1, column 13: a value is missing"],
  ["type:A -> {{ typ }}", 'line 1, column 11: there is no variable "typ"'],
  ["type:A -> {{ type", "line 1, column 11: a {{ is not closed"],
  ['type:A -> a title="{{ x }}"', 'line 1, column 13: there is no variable "x"'],
  ['type:A -> a title="x" , b', "line 1, column 23: the title is the last thing of a rule"],
  [`${"type:A -> a\n".repeat(201)}`, "line 201, column 1: more than 200 rules"],
  [`${"type:A ".repeat(11)}-> a`, "line 1, column 71: more than 10 conditions"],
])("%j is refused with its place", (text, words) => {
  const result = parseFingerprintRules(text);
  expect(isFault(result) ? wordsOfFault(result) : result).toBe(words);
});
