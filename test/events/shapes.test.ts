import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { storedEventOf } from "../../src/events/payload";
import { summarize } from "../../src/events/title";
import type { Json, JsonObject } from "../../src/protocol/json";

const source = { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} };

function stored(payload: JsonObject) {
  const { event, report } = normalizeEvent(payload, source);
  const { errors, ...rest } = storedEventOf(event, summarize(event), report, []);
  return { errors: errors.map(({ name }) => name), rest: JSON.stringify(rest), event };
}

/** `free` takes any JSON, `named` an object whose members may be others than we keep, `read` makes something else of it. */
type Kind = "free" | "named" | "read";

/** Every field of the protocol, with what must stand beside it for it to be of use. */
const fields: [path: string, beside?: JsonObject, kind?: Kind][] = [
  ...["event_id", "level", "platform", "logger", "logentry", "message"].map(alone),
  ...["transaction", "culprit", "server_name", "name", "release", "environment"].map(alone),
  ...["tags", "modules", "fingerprint", "errors", "exception", "stacktrace", "threads"].map(alone),
  ...["breadcrumbs", "request", "user", "contexts", "sdk", "template"].map(alone),
  ...["checksum", "sentry.interfaces.Exception", "sentry.interfaces.User"].map(alone),
  ...["sentry.interfaces.Http", "sentry.interfaces.Stacktrace", "device"].map(alone),
  ["_meta", {}, "named"],
  ["debug_meta", {}, "named"],
  ["timestamp", {}, "read"],
  ["dist", { release: "r" }],
  ["extra", {}, "free"],
  ["extra.a", {}, "free"],
  ["contexts.app", {}, "free"],
  ["contexts.app.name", {}, "free"],
  ["contexts.trace.trace_id"],
  ["contexts.trace.span_id"],
  ["contexts.trace.parent_span_id"],
  ["logentry.message"],
  ["logentry.formatted"],
  ["logentry.params", { "logentry.message": "x" }],
  ["tags.a"],
  ["tags.0"],
  ["modules.a", {}, "free"],
  ["modules.0"],
  ["errors.0"],
  ["exception.values"],
  ["exception.values.0"],
  ...["type", "value", "thread_id", "mechanism", "stacktrace"].map(ofException),
  ...["module", "raw_stacktrace"].map((name) => ofException(name, true)),
  ...["type", "handled", "synthetic", "is_exception_group", "exception_id"].map(ofMechanism),
  ...["parent_id", "source", "description", "help_link", "data", "meta"].map(ofMechanism),
  ["exception.values.0.stacktrace.frames"],
  ["exception.values.0.stacktrace.registers", frameBeside("exception.values.0.stacktrace")],
  ...["filename", "abs_path", "function", "module"].map((name) => ofFrame(name)),
  ...["raw_function", "package", "platform", "lineno", "colno"].map((name) => ofFrame(name, true)),
  ...["pre_context", "post_context", "vars", "in_app"].map((name) => ofFrame(name, true)),
  ...["instruction_addr", "symbol_addr", "image_addr"].map((name) => ofFrame(name, true, "read")),
  ...["context_line", "addr_mode", "trust", "symbol"].map((name) => ofFrame(name, true, "free")),
  ...["lock", "data"].map((name) => ofFrame(name, true, "free")),
  ["threads.values"],
  ["threads.values.0"],
  ...["id", "name", "state", "crashed", "current", "main", "daemon"].map(ofThread),
  ...["held_locks", "stacktrace"].map(ofThread),
  ["breadcrumbs.values"],
  ["breadcrumbs.values.0"],
  ...["type", "category", "message", "level", "event_id"].map(ofCrumb),
  ["breadcrumbs.values.0.data", { "breadcrumbs.values.0.message": "x" }, "free"],
  ["breadcrumbs.values.0.timestamp", { "breadcrumbs.values.0.message": "x" }, "read"],
  ...["method", "url", "query_string", "cookies", "headers", "env", "fragment"].map(ofRequest),
  ...["protocol", "api_target", "body_size", "inferred_content_type"].map(ofRequest),
  ["request.data", {}, "free"],
  ["request.headers.0"],
  ["request.headers.x", {}, "free"],
  ["request.cookies.a", {}, "free"],
  ["request.query_string.a", {}, "free"],
  ["request.env.A", {}, "free"],
  ...["id", "username", "email", "name", "ip_address", "geo"].map(ofUser),
  ["user.data", {}, "free"],
  ["user.plan", {}, "free"],
  ["user.geo.city"],
  ["user.geo.country_code"],
  ...["version", "integrations", "packages", "settings"].map(ofSdk),
  ["sdk.name"],
  ["debug_meta.images"],
  ["debug_meta.images.0", {}, "free"],
  ["template.filename"],
  ["template.lineno", { "template.filename": "t.html" }],
];

type Field = (typeof fields)[number];

function alone(path: string): Field {
  return [path];
}
function ofException(name: string | number, isBeside: unknown = false): Field {
  return [
    `exception.values.0.${name}`,
    isBeside === true ? { "exception.values.0.type": "E" } : {},
  ];
}
function ofMechanism(name: string): Field {
  return [`exception.values.0.mechanism.${name}`, { "exception.values.0.type": "E" }];
}
function ofFrame(name: string, isBeside = false, kind?: Kind): Field {
  const frame = "exception.values.0.stacktrace.frames.0";
  const beside: JsonObject = isBeside ? { [`${frame}.function`]: "f" } : {};
  return kind ? [`${frame}.${name}`, beside, kind] : [`${frame}.${name}`, beside];
}
function frameBeside(stack: string): JsonObject {
  return { [`${stack}.frames.0.function`]: "f" };
}
function ofThread(name: string): Field {
  return [`threads.values.0.${name}`, { "threads.values.1.name": "main" }];
}
function ofCrumb(name: string): Field {
  return [`breadcrumbs.values.0.${name}`, { "breadcrumbs.values.1.message": "x" }];
}
function ofRequest(name: string): Field {
  return [`request.${name}`];
}
function ofUser(name: string): Field {
  return [`user.${name}`];
}
function ofSdk(name: string): Field {
  return [`sdk.${name}`, { "sdk.name": "sentry.x" }];
}

const wrong: [name: string, value: Json][] = [
  ["a text", "zq7x"],
  ["a text of blanks and words", " zq7x zq8x "],
  ["a number", 918_273],
  ["a negative fraction", -918_273.5],
  ["a long number", "315318734258499231"],
  ["yes", true],
  ["no", false],
  ["a list of a text", ["zq7x"]],
  ["a list of lists", [["zq7x", "zq8x"]]],
  ["a list of objects", [{ zq7x: "zq8x" }]],
  ["an object", { zq7x: "zq8x" }],
  ["an object of objects", { zq7x: { zq8x: 918_273 } }],
];

/** An object with these values at dotted paths; digits are places of a list. */
function payloadOf(values: JsonObject): JsonObject {
  const root: JsonObject = {};
  for (const [path, value] of Object.entries(values)) {
    const isWhole = path.startsWith("sentry.interfaces.");
    const steps = isWhole ? [path] : path.split(".");
    let node = root as { [step: string]: Json };
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      if (next === undefined) node[step] = value;
      else node = (node[step] ??= /^\d+$/.test(next) ? [] : {}) as typeof node;
    }
  }
  return root;
}

/** Names of entries that are about a field: its own, and those of what it is in or holds. */
function isAbout(path: string, error: string): boolean {
  const canonical: Record<string, string> = {
    "sentry.interfaces.Exception": "exception",
    "sentry.interfaces.User": "user",
    "sentry.interfaces.Http": "request",
    "sentry.interfaces.Stacktrace": "stacktrace",
    device: "contexts",
    culprit: "transaction",
    message: "logentry",
  };
  const [field = ""] = (canonical[path] ?? path).split(".");
  return error === field || error.startsWith(`${field}.`);
}

const marks = (value: Json): string[] =>
  JSON.stringify(value).match(/zq\dx|918273|3153187\d+/g) ?? [];

describe("what a field holds that does not belong there is found in the event, or an entry names the field", () => {
  test.each(fields)("%s", (path, beside = {}, kind) => {
    const without = stored(payloadOf(beside));
    for (const [name, value] of wrong) {
      if (kind === "named" && name.startsWith("an object")) continue;
      const { errors, rest } = stored(payloadOf({ ...beside, [path]: value }));
      const isNoted = errors.some((error) => isAbout(path, error));
      const text = rest.toLowerCase();
      const isWhole = kind === "read" || marks(value).every((mark) => text.includes(mark));
      const isKept = isWhole && rest !== without.rest;
      expect([path, name, isNoted || isKept]).toEqual([path, name, true]);
    }
  });
});

describe("what is empty is nothing, whatever belongs there", () => {
  const others = fields.filter(([path, , kind]) => kind !== "free" && !path.endsWith(".mechanism"));

  test.each(others)("%s", (path, beside = {}) => {
    const without = stored(payloadOf({ ...beside, [path]: null }));
    expect(without.errors).toEqual([]);
    for (const value of [[], {}, "", "  "]) {
      const { errors, rest } = stored(payloadOf({ ...beside, [path]: value }));
      expect([path, value, errors, rest]).toEqual([path, value, [], without.rest]);
    }
  });

  test("an empty mechanism is one without a word", () => {
    const exception = { type: "E", mechanism: [] };
    expect(stored({ exception }).errors).toEqual([]);
  });

  test("an empty list is the empty data of a breadcrumb", () => {
    const [list, object] = [[], {}].map((data) =>
      stored({ breadcrumbs: [{ message: "x", data }] }),
    );
    expect(list).toEqual(object);
  });

  test("an empty logentry does not hide the message", () => {
    for (const logentry of [[], {}, "", null, { message: "" }] as Json[]) {
      expect(stored({ logentry, message: "the real text" }).event.logentry?.formatted).toBe(
        "the real text",
      );
    }
  });
});

describe("Prototype.js makes texts of lists, which are opened", () => {
  const frame = {
    filename: "a.js",
    function: "f",
    lineno: 3,
    pre_context: ["x"],
    post_context: ["y"],
  };
  const event = {
    exception: { values: [{ type: "TypeError", value: "proto", stacktrace: { frames: [frame] } }] },
    breadcrumbs: { values: [{ timestamp: 1_700_000_000, message: "x" }] },
    fingerprint: ["{{ default }}", "b"],
    tags: [["a", "b"]],
    request: { headers: [["X-A", "b"]], cookies: [["c", "d"]], query_string: [["e", "f"]] },
    threads: { values: [{ id: "1", name: "main" }] },
    sdk: { name: "x", integrations: ["I"], packages: [{ name: "p", version: "1" }] },
    debug_meta: { images: [{ type: "sourcemap", debug_id: "1" }] },
    logentry: { message: "%s and %s", params: ["a", "b"] },
  } satisfies JsonObject;

  /** As its toJSON would have it: a list is written as a text of JSON, and so are those within it. */
  function prototyped(value: Json): Json {
    if (Array.isArray(value)) return JSON.stringify(value.map(prototyped));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, prototyped(each)]));
  }

  test("in a whole event", () => {
    const opened = stored(prototyped(event) as JsonObject);
    expect(opened.event).toEqual(stored(event).event);
    expect(opened.errors).toEqual([]);
  });

  test.each([
    ["never ends", `[${"[".repeat(5000)}`],
    ["is as deep as nothing else", `${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["is a megabyte of lists", `[${"[],".repeat(300_000)}1]`],
    ["is longer than is opened", `[${"1,".repeat(800_000)}1]`],
  ])("one that %s costs its field only", (_, text) => {
    const { event: kept } = stored({ message: "x", exception: text, breadcrumbs: text });
    expect(kept.logentry?.formatted).toBe("x");
  });
});

test("no payload makes it throw, and none is without a title", () => {
  const names = fc.constantFrom(...fields.map(([path]) => path));
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue(), { maxKeys: 12 }), (values) => {
      const flat = Object.fromEntries(
        Object.entries(values).filter(([path]) => !path.includes(".")),
      ) as JsonObject;
      expect(stored(flat).rest).toContain('"title":');
    }),
  );
});
