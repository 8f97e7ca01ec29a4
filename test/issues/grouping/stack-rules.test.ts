import { describe, expect, test } from "vitest";
import { applyStackRules } from "../../../src/events/apply-stack-rules";
import { markInApp } from "../../../src/events/in-app";
import { groupEvent } from "../../../src/issues/grouping/group-event";
import type { JsonObject } from "../../../src/protocol/json";
import { isFault, wordsOfFault } from "../../../src/protocol/rule-text";
import { parseStackRules } from "../../../src/protocol/stack-rules";
import { normalized } from "./recorded";
import { errorOf } from "./written";

function rulesOf(text: string) {
  const rules = parseStackRules(text);
  if (isFault(rules)) throw new Error(wordsOfFault(rules));
  return rules;
}

/** Frames afterwards, the oldest first: `+` one's own, `-` a library's; in brackets where it does not group. */
function marked(rules: string, payload: JsonObject, left = 4_000_000): string {
  const event = normalized(payload);
  markInApp(event);
  applyStackRules(event, rulesOf(rules), { left });
  const [stack] = event.exception?.values.flatMap(({ stacktrace }) => stacktrace ?? []) ?? [];
  const max = stack?.grouped_frames_max;
  const frames = (stack?.frames ?? []).map(({ in_app, in_group }) =>
    in_group === false ? (in_app ? "(+)" : "(-)") : in_app ? "+" : "-",
  );
  return [...frames, ...(max === undefined ? [] : [`max ${max}`])].join(" ");
}

const python = (...frames: string[]) => errorOf("python", ["E", "x", ...frames]);
const script = (...frames: string[]) => errorOf("javascript", ["E", "x", ...frames]);
const native = (...frames: string[]) => errorOf("native", ["E", "x", ...frames]);
const packaged = (path: string): JsonObject => ({
  platform: "native",
  exception: {
    values: [
      {
        type: "E",
        value: "x",
        stacktrace: { frames: [{ function: "f", package: path, in_app: true }] },
      },
    ],
  },
});

test.each<[rule: string, payload: JsonObject, marks: string]>([
  ["path:**/node_modules/** -app", script("f | a/node_modules/b.js", "g | src/a.js"), "- +"],
  ["path:**/generated/**.js -group", script("f | x/generated/y/a.js", "g | a.js"), "(+) +"],
  ["path:**/vendor/foo/*.c -app", native("f | /x/vendor/foo/a.c", "g | /vendor/foo/b/a.c"), "- +"],
  ["path:**/*.gen.c -group", native("f | a.gen.c", "g | a.c"), "(+) +"],
  ["function:std::* -app", native("std::move | a.c", "Std::x | a.c"), "- +"],
  ["family:native function:std::* -app", python("std::move | a.py"), "+"],
  ["family:javascript,native path:**/gen/** -group", script("f | x/gen/a.js"), "(+)"],
  ["family:javascript,native path:**/gen/** -group", python("f | x/gen/a.py"), "+"],
  ["function:malloc -group", native("main | a.c", "malloc | b.c"), "+ (+)"],
  ["function:my_* +app", python("- my_f | a.py | x", "g | b.py | y"), "+ +"],
  ["module:app.* +app", python("- f | m:app.x | x", "g | b.py | y"), "+ +"],
  ["package:**/libcurl.dylib -group", packaged("/usr/lib/libcurl.dylib"), "(+)"],
  ["package:**/libcurl.dylib -group", packaged("/usr/lib/libz.dylib"), "+"],
  ["app:no +app", python("- f | a.py | x", "g | b.py | y"), "+ +"],
  ["function:panic ^-group -group", native("a | a.c", "panic | b.c", "abort | c.c"), "+ (+) (+)"],
  ["function:MainLoop v-group -group", native("s | a.c", "MainLoop | b.c", "f | c.c"), "(+) (+) +"],
  ["function:Spawn v-app -app", native("s | a.c", "Spawn | b.c", "f | c.c"), "- - +"],
  [
    "path:**/views/** function:fetch ^-group",
    python("fetch | a/x.py", "fetch | a/views/x.py", "g | b.py"),
    "+ + (+)",
  ],
  ["family:native max-frames=3", native("f | a.c"), "+ max 3"],
  ["family:native max-frames=3", python("f | a.py"), "+"],
  [
    "function:log category=telemetry\ncategory:telemetry -group",
    python("f | a.py", "log | b.py"),
    "+ (+)",
  ],
  [
    "function:log category=telemetry\n[ category:telemetry ] | app:yes -group",
    python("log | b.py", "f | a.py", "g | c.py"),
    "+ (+) +",
  ],
  [
    "module:sys.* category=system\ncategory:system | [ app:yes ] -group",
    python("- r | m:sys.a | x", "f | a.py", "- r | m:sys.b | x"),
    "(-) + -",
  ],
  ["!function:keep -group", python("keep | a.py", "drop | b.py"), "+ (+)"],
  ["type:E function:f -group", python("f | a.py"), "(+)"],
  ["type:Other function:f -group", python("f | a.py"), "+"],
  ["app:yes -group\nfunction:f +group", python("f | a.py", "g | b.py"), "+ (+)"],
])("%s", (rule, payload, marks) => {
  expect(marked(rule, payload)).toBe(marks);
});

test("without steps left the rest of the rules does nothing", () => {
  expect(marked("function:*a*b* -group", python(`${"ab".repeat(200)}c | a.py`), 10)).toBe("+");
});

describe("what the marks do", () => {
  const grouped = (rules: string, payload: JsonObject) => {
    const event = normalized(payload);
    const stack = rulesOf(rules);
    const { groupings } = groupEvent(event, false, { fingerprint: [], stack }, { left: 1e6 });
    return groupings;
  };
  const at = (helper: string) => python("main | app.py | go()", `${helper} | helper.py | x`);

  test("frames that do not group tell no issues apart under g2, and the explanation names them", () => {
    const rule = "path:helper.py -group";
    expect(grouped("", at("a")).g2.primary).not.toBe(grouped("", at("b")).g2.primary);
    const one = grouped(rule, at("a")).g2;
    expect(one.primary).toBe(grouped(rule, at("b")).g2.primary);
    expect(one.explanation.rules).toContainEqual({ part: "a", rule: "a rule of the project" });
  });

  test("g1 is as it always was", () => {
    const rule = "path:helper.py -group -app\nmax-frames=1";
    expect(parseStackRules(rule)).toMatchObject({ line: 2 });
    expect(grouped("path:helper.py -group -app", at("a")).g1).toEqual(grouped("", at("a")).g1);
  });

  test("no more frames group than a rule lets", () => {
    const rule = "family:other max-frames=1";
    expect(grouped(rule, at("a")).g2.explanation.parts[0]?.frames).toHaveLength(1);
  });

  test("where none groups, the text tells", () => {
    const of = (value: string) => errorOf("python", ["E", value, "f | a.py | x"]);
    const rule = "family:other -group";
    expect(grouped(rule, of("red")).g2.primary).not.toBe(grouped(rule, of("blue")).g2.primary);
  });
});

test.each<[string, string]>([
  ["path:**/x/**", "line 1, column 13: a rule needs an action: +app, -app, +group, -group …"],
  ["-app", "line 1, column 1: a rule needs a condition"],
  ["function:f -apps", "line 1, column 12: a condition is written name:pattern"],
  [
    "function:f -app x",
    "line 1, column 17: an action is +app, -app, +group, -group, max-frames or category",
  ],
  [
    "function:f min-frames=3",
    "line 1, column 12: an action is +app, -app, +group, -group, max-frames or category",
  ],
  ["function:f max-frames=x", "line 1, column 12: max-frames is a number"],
  ["[ function:f | app:yes -group", "line 1, column 1: a [ is not closed, or ] lacks its blank"],
  ["[ function:f ] app:yes -group", "line 1, column 16: a | stands behind a caller"],
  ["app:yes | function:f -group", "line 1, column 11: a callee stands in [ and ]"],
  ["[ type:E ] | app:yes -group", 'line 1, column 3: nothing is called "type" here'],
  ["level:error -group", 'line 1, column 1: nothing is called "level" here'],
  ["\nfunction:[ -group", "line 2, column 1: the pattern has a [ that is not closed"],
])("%j is refused with its place", (text, words) => {
  const result = parseStackRules(text);
  expect(isFault(result) ? wordsOfFault(result) : result).toBe(words);
});
