import { expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import type { Json, JsonObject } from "../../src/protocol/json";

const charsMax = 16 * 1024;

/** A text that is longer than any that is kept, and tells which one it is. */
const long = (of: string) => `${of} `.padEnd(30_000, "abcdefgh ");
/** An object whose members are such texts. */
const longs = (of: string, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, long(`${of}.${name}`)]));

const frame = {
  ...longs("frame", "filename", "abs_path", "function", "raw_function", "module", "package"),
  ...longs("frame", "context_line", "symbol", "source_link"),
  pre_context: [long("pre")],
  post_context: [long("post")],
  vars: longs("vars", "v"),
  lock: longs("lock", "class_name"),
};

const event: JsonObject = {
  ...longs(
    "event",
    "message",
    "logger",
    "transaction",
    "server_name",
    "release",
    "dist",
    "culprit",
  ),
  ...longs("event", "environment", "platform", "level", "type", "site"),
  logentry: { ...longs("logentry", "message", "formatted"), params: [long("param")] },
  fingerprint: [long("fingerprint")],
  tags: { ...longs("tags", "t"), [long("key")]: "v" },
  extra: longs("extra", "e"),
  modules: { ...longs("modules", "m"), [long("module")]: "1" },
  user: {
    ...longs("user", "id", "email", "username", "name", "ip_address", "segment", "other"),
    data: longs("data", "d"),
    geo: longs("geo", "city", "country_code", "region"),
  },
  contexts: {
    os: longs("os", "name", "version", "kernel_version"),
    mine: { type: "mine", ...longs("mine", "m") },
    trace: { trace_id: "a".repeat(32), span_id: "b".repeat(16), ...longs("trace", "op", "origin") },
    [long("context")]: { a: 1 },
  },
  request: {
    ...longs("request", "url", "method", "fragment", "inferred_content_type"),
    query_string: [["q", long("query")]],
    ...Object.fromEntries(
      ["data", "headers", "cookies", "env"].map((name) => [name, longs(name, "x")]),
    ),
  },
  exception: {
    values: [
      {
        ...longs("exception", "type", "value", "module", "thread_id"),
        mechanism: {
          ...longs("mechanism", "type", "description", "help_link", "source"),
          data: longs("data", "d"),
          meta: { errno: longs("errno", "name") },
        },
        stacktrace: { frames: [frame], registers: longs("registers", "rip") },
      },
    ],
  },
  threads: {
    values: [{ id: 1, ...longs("thread", "name", "state"), stacktrace: { frames: [frame] } }],
  },
  breadcrumbs: {
    values: [
      {
        ...longs("crumb", "message", "category", "type", "level", "event_id"),
        data: longs("d", "d"),
      },
    ],
  },
  sdk: {
    ...longs("sdk", "name", "version"),
    integrations: [long("integration")],
    features: [long("feature")],
    packages: [longs("package", "name", "version")],
    settings: longs("settings", "infer_ip"),
  },
  template: longs("template", "filename", "abs_path", "name", "context_line"),
  debug_meta: { images: [{ type: "elf", ...longs("image", "code_file", "debug_id") }] },
  errors: [longs("error", "type", "name", "value")],
};

test("every text of an event has a largest length; one that is cut has a note, or ends with its sign", () => {
  const { event: kept, report } = normalizeEvent(event, {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: {},
    client: long("client"),
  });
  const wrong: string[] = [];
  let seen = 0;
  const walk = (value: Json, path: string) => {
    if (typeof value === "string") {
      if (value.length < 64 || !value.includes("abcdefgh")) return;
      seen++;
      if (value.length > charsMax + 1) wrong.push(`${path} has ${value.length} characters`);
      const isSourceLine = /(pre_context|context_line|post_context)/.test(path);
      // Of a tag's name no other sign is left than the entry in its errors.
      const isTold = report.errors.some(
        ({ name }) => /^tags\.\d+\.0$/.test(path) && name.startsWith("tags.key"),
      );
      if (!report.meta.has(path) && !value.endsWith("…") && !isSourceLine && !isTold)
        wrong.push(`${path} is cut without a word: ${value.length}`);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, each] of Object.entries(value)) {
        if (name.length > 200) wrong.push(`a name in ${path} has ${name.length} characters`);
        walk(each as Json, path === "" ? name : `${path}.${name}`);
      }
    }
  };
  walk(kept as unknown as Json, "");
  expect(seen).toBeGreaterThan(80);
  expect(wrong).toEqual([]);
});
