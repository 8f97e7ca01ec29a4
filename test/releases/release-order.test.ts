import fc from "fast-check";
import { expect, test } from "vitest";
import { isLaterRelease, latestRelease, releaseOrder } from "../../src/releases/release-order";

/** Each below the next. */
const ascending: string[][] = [
  ["1.3.9", "1.4.0", "1.4.1", "2.0.0", "10.0.0"],
  ["shop@1.3.9", "shop@1.4.0-rc.1", "shop@1.4.0-rc.2", "shop@1.4.0", "shop@1.4.0.1", "shop@1.5"],
  [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
  ],
  ["@acme/shop@1.0+9", "@acme/shop@1.0+10", "@acme/shop@1.0.1+1"],
  ["v1", "1.1", "V2"],
  ["2025.12.31", "2026.2.3", "2026.11.3"],
  ["20251231", "20260101"],
];

test("releases are in the order of their versions", () => {
  for (const releases of ascending) {
    for (const [low, lower] of releases.entries()) {
      for (const [high, higher] of releases.entries()) {
        expect([lower, higher, isLaterRelease(higher, lower)]).toEqual([lower, higher, high > low]);
      }
    }
  }
});

test("builds that are no numbers, or stand on one side only, make no difference", () => {
  for (const [one, other] of [
    ["1.4.0", "1.4.0+7"],
    ["1.4.0+7", "1.4.0"],
    ["1.4.0+abc", "1.4.0+abd"],
    ["1.4", "v1.4.0"],
  ] as const) {
    expect(isLaterRelease(one, other)).toBe(false);
  }
});

test("what is no version, or of another package, is not compared", () => {
  for (const text of [
    "",
    "@",
    "shop@",
    "e6b61c81d5f4",
    "1.2.3.4.5",
    "1.x",
    "1.2-",
    "1.2+",
    "1+2+3",
    "1.2-a..b",
    "1".repeat(19),
    "1.0-".padEnd(200, "a"),
    "latest",
  ]) {
    expect([text, releaseOrder(text)]).toEqual([text, undefined]);
  }
  expect(isLaterRelease("shop@2.0", "web@1.0")).toBeUndefined();
  expect(isLaterRelease("shop@2.0", "1.0")).toBeUndefined();
});

test("the latest release is the highest of the newest one's package", () => {
  const table: [newestFirst: string[], latest: string | undefined][] = [
    [[], undefined],
    [["10.18.7", "10.24.0", "10.23.0"], "10.24.0"],
    [["abc", "2.0", "1.0"], "abc"],
    [["shop@1.1", "web@9.0", "shop@1.2", "3.0"], "shop@1.2"],
  ];
  for (const [releases, latest] of table) expect(latestRelease(releases)).toBe(latest);
});

test("any text is answered, and no two releases are later than each other", () => {
  const part = fc.constantFrom("1", "0", "12", "a", "-", ".", "+", "@", "v", "rc", "~", "!");
  const release = fc.oneof(
    fc.string(),
    fc.array(part).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(release, release, release, (a, b, c) => {
      expect(isLaterRelease(a, b) === true && isLaterRelease(b, a) === true).toBe(false);
      if (isLaterRelease(a, b) && isLaterRelease(b, c)) expect(isLaterRelease(a, c)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
