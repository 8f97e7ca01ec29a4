import { describe, expect, test } from "vitest";
import type { Grouping } from "../../../src/issues/grouping/grouping";
import type { JsonObject } from "../../../src/protocol/json";
import { recordedRequests } from "../../fixtures";
import { groupedBy, payloadsOf, recordedEvents } from "./recorded";

test("what g1 says of a recorded event is what it said when it was published", async () => {
  const hashes = recordedEvents.map(({ name, payload }) => {
    const { primary, secondary } = groupedBy(payload).g1;
    return `${name}: ${[primary, ...secondary].join(" ")}`;
  });
  expect(hashes.length).toBeGreaterThan(80);
  await expect(`${hashes.join("\n")}\n`).toMatchFileSnapshot(
    "../../fixtures/grouping/g1-hashes.txt",
  );
});

/** What both versions say alike. */
describe.each(["g1", "g2"] as const)("%s", (version) => {
  const group = (payload: JsonObject): Grouping => groupedBy(payload)[version];

  /** Groupings of the recorded events whose file name matches. Their fingerprints are set aside. */
  const recorded = (pattern: RegExp): { file: string; grouping: Grouping }[] =>
    recordedRequests.flatMap((request) => {
      const { file = "" } = request;
      if (!pattern.test(file)) return [];
      return payloadsOf(request).map((payload) => ({
        file,
        grouping: group({ ...payload, fingerprint: null }),
      }));
    });

  const groupsOf = (pattern: RegExp) => [
    ...new Set(recorded(pattern).map(({ grouping }) => grouping.primary)),
  ];

  /** Rows of the regression table for the SDK versions that were recorded: pattern, number of groups, variant. */
  describe("recorded events", () => {
    test.each<[string, RegExp, number, number, string | null]>([
      [
        "an exception over three node majors",
        /^sentry-node-[\d.]+-exception--event\.bin$/,
        3,
        1,
        "app",
      ],
      ["AggregateError", /^sentry-node-.*-aggregate-error/, 3, 1, "app"],
      ["an unhandled exception", /^sentry-node-.*-unhandled-exception--event/, 2, 1, "app"],
      ["an unhandled rejection", /^sentry-node-.*-unhandled-rejection--event/, 2, 1, "app"],
      ["non-errors: a string and an object", /^sentry-node-.*-exception-nonerror/, 6, 2, null],
      ["browser exception", /^sentry-browser-(8|10).*-exception--event/, 3, 1, "minified"],
      ["browser cause", /^sentry-browser-.*-cause/, 2, 1, "minified"],
      ["browser unhandled", /^sentry-browser-.*-unhandled--event/, 2, 1, "minified"],
      [
        "parameterised messages of node and Python logging",
        /^(sentry-node-11.*-message--event|sentry-node-[79].*-message--event-2|raven-python-.*-message|sentry-python-.*-logging--event-2)\.bin$/,
        5,
        1,
        "message",
      ],
      [
        "attachment, flags, session, large-gzip, debug-ids apart",
        /^sentry-node-.*-(attachment|flags|session|large-gzip|debug-ids)--event(\+attachment)?\.bin$/,
        15,
        5,
        "app",
      ],
    ])("%s", (_, pattern, events, groups, variant) => {
      const found = recorded(pattern);
      expect(found.length).toBe(events);
      expect(groupsOf(pattern).length).toBe(groups);
      if (variant)
        expect(new Set(found.map(({ grouping }) => grouping.explanation.variant))).toEqual(
          new Set([variant]),
        );
    });

    test("a message is one issue whatever language it comes from", () => {
      expect(
        groupsOf(/^sentry-(php-4.29.0|python-1.45.1|ruby-5.3.0)-message--event\.bin$/),
      ).toHaveLength(1);
    });

    test("the explanation tells what counted", () => {
      const [first] = recorded(/^sentry-python-1\.45\.1-exception--event/);
      expect(first?.grouping.explanation).toMatchObject({
        algo: version,
        variant: "app",
        override: null,
        parts: [
          { type: "KeyError", frames: ["m:__main__|n:exc|c:try: {}['missing']"] },
          {
            type: "Custom",
            frames: [
              "m:__main__|n:exc|c:except KeyError as e: raise Custom('Could not load cart 4711') from e",
            ],
          },
        ],
      });
    });

    test("members of an exception group count once each, in fixed order", () => {
      const [first] = recorded(/^sentry-python-1\.45\.1-exception-group--event/);
      const types = first?.grouping.explanation.parts.map(({ type, value }) => `${type} ${value}`);
      expect(types?.slice(0, 3)).toEqual([
        `FileNotFoundError [Errno ${version === "g1" ? "<num>" : "2"}] nope`,
        "TypeError t1",
        "ValueError v1",
      ]);
    });
  });

  describe("what must and what must not matter", () => {
    const frame = {
      filename: "/app/shop.js",
      function: "pay",
      lineno: 10,
      context_line: "  charge(card)",
      in_app: true,
    };
    const library = { filename: "/app/node_modules/x/y.js", function: "call", in_app: false };
    const error = (frames: JsonObject[], extra: JsonObject = {}): JsonObject => ({
      platform: "node",
      exception: { values: [{ type: "TypeError", value: "x is 1", stacktrace: { frames } }] },
      ...extra,
    });
    const primary = (payload: JsonObject) => group(payload).primary;
    const base = primary(error([library, frame]));

    test.each<[string, JsonObject]>([
      ["line and column", error([library, { ...frame, lineno: 99, colno: 3 }])],
      [
        "environment, release, server, user, tags, level",
        error([library, frame], {
          environment: "e",
          release: "r",
          server_name: "s",
          user: { id: "1" },
          tags: { a: "b" },
          level: "fatal",
          timestamp: 5,
        }),
      ],
      [
        "the text, when frames tell",
        {
          ...error([library, frame]),
          exception: {
            values: [
              { type: "TypeError", value: "other", stacktrace: { frames: [library, frame] } },
            ],
          },
        },
      ],
      ["other library frames", error([library, library, { ...library, function: "z" }, frame])],
      ["recursion depth", error([frame, frame, frame, frame])],
      [
        "folders and revision hashes",
        error([{ ...frame, filename: "https://cdn.example/assets/shop.js?v=2" }]),
      ],
      [
        "the key order",
        JSON.parse(
          '{"exception":{"values":[{"stacktrace":{"frames":[{"in_app":true,"context_line":"  charge(card)","function":"pay","filename":"/app/shop.js"}]},"value":"x","type":"TypeError"}]},"platform":"node"}',
        ),
      ],
    ])("not: %s", (_, payload) => {
      expect(primary(payload)).toBe(base);
    });

    test.each<[string, JsonObject]>([
      [
        "the type",
        {
          ...error([frame]),
          exception: {
            values: [{ type: "RangeError", value: "x is 1", stacktrace: { frames: [frame] } }],
          },
        },
      ],
      ["the function", error([{ ...frame, function: "refund" }])],
      ["the source line", error([{ ...frame, context_line: "  charge(gift)" }])],
      [
        "a caller of one's own",
        error([{ filename: "/app/cart.js", function: "checkout", in_app: true }, frame]),
      ],
    ])("yes: %s", (_, payload) => {
      expect(primary(payload)).not.toBe(base);
    });

    test("a changed in_app rule finds the old group through the hash over all frames", () => {
      const before = group(error([{ ...library, in_app: true }, frame]));
      const after = group(error([library, frame]));
      expect(after.primary).not.toBe(before.primary);
      expect(
        [before.primary, ...before.secondary].some((hash) =>
          [after.primary, ...after.secondary].includes(hash),
        ),
      ).toBe(true);
    });

    test("attaching a stack to a message does not split it", () => {
      const plain = primary({ message: "disk 5 full" });
      const synthetic = {
        values: [
          {
            value: "disk 5 full",
            mechanism: { type: "generic", synthetic: true },
            stacktrace: { frames: [frame] },
          },
        ],
      };
      expect(primary({ message: "disk 5 full", exception: synthetic })).toBe(plain);
      expect(primary({ message: "disk 6 full" })).toBe(plain);
      expect(primary({ message: "tape 5 full" })).not.toBe(plain);
    });

    test("two unnamed functions with different texts do not merge", () => {
      const unnamed = (value: string): JsonObject => ({
        platform: "node",
        exception: {
          values: [
            {
              type: "Error",
              value,
              stacktrace: {
                frames: [{ filename: "/app/a.js", function: "?", lineno: 3, in_app: true }],
              },
            },
          ],
        },
      });
      expect(primary(unnamed("alpha"))).not.toBe(primary(unnamed("beta")));
      expect(primary(unnamed("alpha 1"))).toBe(primary(unnamed("alpha 2")));
    });

    test("fingerprints: exact, with the default inside, with variables, blanks do not matter", () => {
      const withPrint = (fingerprint: string[], extra: JsonObject = {}) =>
        primary(error([frame], { fingerprint, ...extra }));
      expect(withPrint(["{{ default }}"])).toBe(primary(error([frame])));
      expect(withPrint(["{{default}}", "x"])).toBe(withPrint(["{{ default }}", "x"]));
      expect(withPrint(["{{ default }}", "x"])).not.toBe(withPrint(["{{ default }}", "y"]));
      expect(withPrint(["a", "bc"])).not.toBe(withPrint(["ab", "c"]));
      expect(withPrint(["{{ error.type }}", "{{ tags.region }}"], { tags: { region: "eu" } })).toBe(
        withPrint(["TypeError", "eu"]),
      );
      expect(group(error([frame], { fingerprint: ["a"] }))).toMatchObject({
        secondary: [],
        explanation: { override: "client fingerprint" },
      });
      expect(withPrint([])).toBe(primary(error([frame])));
      expect(group(error([frame], { checksum: "abc" })).primary).toBe(withPrint(["abc"]));
    });

    test("chunk loading, hydration and the like are one issue each", () => {
      const js = (value: string): JsonObject => ({
        platform: "javascript",
        exception: { values: [{ type: "Error", value }] },
      });
      expect(primary(js("Loading chunk 3 failed."))).toBe(
        primary(js("Failed to fetch dynamically imported module: https://x/a.js")),
      );
      expect(primary(js("Script error."))).not.toBe(primary(js("Loading chunk 3 failed.")));
    });

    test("a secret in the text does not split", () => {
      const bare = (value: string): JsonObject => ({
        platform: "other",
        exception: { values: [{ type: "AuthError", value }] },
      });
      expect(primary(bare("denied Bearer abcdef123456"))).toBe(
        primary(bare("denied Bearer zzz999888777")),
      );
    });
  });
});
