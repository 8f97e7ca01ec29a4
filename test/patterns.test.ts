import { expect, test } from "vitest";
import userAgents from "../src/events/user-agent-patterns.json";
import { attacksOn, type Pattern, patterns } from "./patterns";

/**
 * No pattern may take time that grows faster than the text it reads: strangers write the texts. Each runs on its own
 * beginnings, repeated up to the longest text that it is given, next to a pattern that is known to be linear.
 */

/** The longest text that a pattern gets where no shorter one is named below: one text of a body or of extra data. */
const charsMax = 16 * 1024;

/** Longest text by file, where the code cuts what its patterns read. */
const shorter: [file: RegExp, chars: number][] = [
  [/^src\/issues\/grouping\/(?:g2-)?parameterize/, 400],
  [/^src\/issues\/grouping\/(?:g[12]|generated-names|native-place|rules\/)/, 1024],
];

const userAgentCharsMax = 512;
/** Two gaps of up to 200 characters in one pattern come to a few hundred; a third power would be tens of thousands. */
const userAgentRatioMax = 3000;

/** Reviewed: these never read what a stranger wrote. */
const ours = new Set([
  "src/http/path-spelling.ts \\/+$",
  "src/protocol/own-address.ts \\/+$",
  "src/host.ts \\/+$",
  "src/access/token.ts =+$",
  "src/platform/mailer.ts ^(.*)<(.+)>$",
]);

/** A pattern that is quadratic takes thousands of times as long as the reference, which looks at every character. */
const ratioMax = 300;
const reference = /[ab][cd]/g;
/** Runs of what may have been held up by others; what is far beyond what is allowed after a few is slow by itself. */
const runsMax = 25;
const runsOfSlowMax = 5;
const slowTimes = 20;

function timeOf(regex: RegExp, text: string): number {
  const started = performance.now();
  text.replace(regex, "");
  return performance.now() - started;
}

/** The best of several runs: what else the machine does only ever adds. */
function costOf(regex: RegExp, text: string, enoughMs = 0): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runsMax && best > enoughMs; run++) {
    best = Math.min(best, timeOf(regex, text));
    if (run >= runsOfSlowMax && best > slowTimes * enoughMs) break;
  }
  return best;
}

/** A text that takes too long, with its ratio to the reference. */
function slowTextOf(
  { source, flags }: Pattern,
  chars: number,
  timesMax = ratioMax,
): [number, string] | undefined {
  const regex = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  const base = Math.max(costOf(reference, "a".repeat(chars)), 0.002);
  for (const text of attacksOn(source, chars)) {
    const ratio = costOf(regex, text, base * timesMax) / base;
    if (ratio > timesMax) return [Math.round(ratio), text.slice(0, 40)];
  }
  return undefined;
}

const slowAmong = (list: Pattern[], charsOf: (pattern: Pattern) => number, timesMax = ratioMax) =>
  list.flatMap((pattern) => {
    const slow = slowTextOf(pattern, charsOf(pattern), timesMax);
    return slow ? [`${pattern.file} ${pattern.source}: ${slow[0]} times on ${slow[1]}`] : [];
  });

test("the patterns are found, and so are texts that are slow for a bad one", () => {
  expect(patterns.length).toBeGreaterThan(100);
  for (const source of [
    "\\s*[\\r\\n]+\\s*",
    '"(?:[^"\\\\]|\\\\.)*"',
    "\\beyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}",
    "<[^>]*>",
  ]) {
    expect([source, slowTextOf({ file: "", source, flags: "" }, 8192)?.[0]]).toEqual([
      source,
      expect.any(Number),
    ]);
  }
});

test("no pattern grows faster than the text it reads", () => {
  const concerned = patterns.filter(({ file, source }) => !ours.has(`${file} ${source}`));
  const charsOf = ({ file }: Pattern) => shorter.find(([each]) => each.test(file))?.[1] ?? charsMax;
  expect(slowAmong(concerned, charsOf)).toEqual([]);
});

test("no pattern of a browser, system or device does either, on the longest user agent", () => {
  const rows = [...userAgents.browsers, ...userAgents.systems, ...userAgents.devices];
  const list = rows.map(([source = "", flags = ""]) => ({ file: "", source, flags }));
  expect(slowAmong(list, () => userAgentCharsMax, userAgentRatioMax)).toEqual([]);
});
