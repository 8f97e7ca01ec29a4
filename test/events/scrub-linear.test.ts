import { expect, test } from "vitest";
import { isExceeded } from "../../src/events/budget";
import { newReport } from "../../src/events/report";
import { scrubCode } from "../../src/events/scrub-code";
import { scrubText } from "../../src/events/scrub-text";
import { markedShapes, tokenShapes } from "../../src/events/scrub-tokens";
import { scrubString } from "../../src/events/scrub-tree";
import { patterns } from "../patterns";
import { tokenSamples } from "./planted-secrets";

const textCharsMax = 16 * 1024;

/** Every pattern of the files that test/patterns.test.ts leaves to this test, as a parser finds them. */
const scrubbers = patterns.filter(({ file }) =>
  /^src\/events\/(?:scrub|secret|glance|filtered)/.test(file),
);

/** What repeats without a bound, outside of classes. */
const isUnbounded = (pattern: string) =>
  /[*+]|\{\d*,\}/.test(pattern.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x"));

test("no pattern that meets a text of a stranger repeats anything without a bound", () => {
  const files = new Set(scrubbers.map(({ file }) => file));
  expect(files.size).toBeGreaterThan(9);
  expect(scrubbers.length).toBeGreaterThan(80);
  expect(scrubbers.filter(({ source }) => isUnbounded(source))).toEqual([]);
  const shapes = [...tokenShapes, ...markedShapes].map(([, shape]) => shape);
  expect(shapes.length).toBeGreaterThan(70);
  expect(shapes.filter(isUnbounded)).toEqual([]);
});

test("a token in small letters is found right after a letter beyond ASCII", () => {
  const token = `dapi${"a1b2c3d4e5f6a7b8".repeat(2)}`;
  expect(scrubText(`ñ${token}`).text).toBe("ñ[Filtered]");
});

/** Beginnings that a pattern could try again and again. */
const beginnings = [
  "eyJyyyy-",
  "eyJhbGciOiJIUzI1NiJ9.",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN ",
  "--",
  "a://b:c",
  "://",
  "a://b:c/d",
  "a@",
  "password=",
  "password:",
  'password="',
  "password='a",
  '\\"password\\":\\"',
  '"password":{',
  "password=[",
  "{",
  "[",
  '{"a":',
  "<password>",
  "<password ",
  "<key>password</key>",
  "<a name='password'>",
  "<a ",
  "form-data; name=",
  'form-data; name="password"\r\n\r\n',
  "\r\n\r\n",
  "%3D",
  "password%3D",
  "a%3Fpassword%3D",
  " --password ",
  "PASSWORD '",
  '";s:9:"',
  "4111 1111 ",
  "1 ",
  "1-",
  "123-45-",
  "DE89 3704 ",
  "Bearer ",
  "Bearer a.b-",
  "curl -u a:",
  "a -> ",
  "api key: ",
  'name="password" ',
  "Cookie: ",
  "\ncookie: a",
  "\npassword: a b",
  ",a",
  "a=,b",
  '"aaa",',
  '="aaa"',
  '("password","a1',
  "password: string = '",
  "aaaaaaaaaaaaaaaaaaa",
  "Aa1_",
  "_-",
  "ñ",
  "\\",
  '\\\\"',
  "`",
  "${",
  "{{",
  "%(",
];
const prefixes = tokenSamples(1).flatMap(([, token]) => [
  token.slice(0, 6),
  token.slice(0, -1),
  `${token.slice(0, 15)}.`,
]);
const inputs = [...beginnings, ...prefixes].map((text) =>
  text.repeat(Math.ceil(textCharsMax / text.length)).slice(0, textCharsMax),
);

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

/** The best of some runs, since others share the machine; a run that is quick enough is enough. */
function leastMs(enough: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4 && least > enough; run++) least = Math.min(least, cpuMsOf(work));
  return least;
}

// A quadratic pattern takes 600 ms for such a text; the linear one of comparison about a millisecond.
test("no text takes more than a hundred times as long as one pass of a linear pattern", () => {
  const plain = "lorem ipsum dolor ".repeat(1000).slice(0, textCharsMax);
  const linear = Math.max(
    0.5,
    leastMs(0, () => plain.replace(/[aeiou][a-z]{0,8}/g, "x")),
  );
  const slow = inputs.flatMap((text) => {
    const lines = text.match(/.{1,256}/gs) ?? [];
    const asText = leastMs(100 * linear, () => scrubText(text));
    const asCode = leastMs(100 * linear, () => lines.map((line) => scrubCode(line)));
    const asValue = leastMs(100 * linear, () =>
      scrubString({ report: newReport(), steps: [], defaults: true }, text),
    );
    return [asText, asCode, asValue]
      .map((ms) => ms / linear)
      .filter((ratio) => ratio > 100)
      .map((ratio) => `${JSON.stringify(text.slice(0, 40))}: ${Math.round(ratio)}`);
  });
  expect(slow).toEqual([]);
});

test("what an event has no work left for is removed, not left as it is", () => {
  const report = newReport();
  report.budget.matched = 100;
  const scrub = { report, steps: ["extra"], defaults: true };
  expect(scrubString(scrub, "a harmless text")).toBe("a harmless text");
  expect(scrubString(scrub, `password=hunter2 ${"x".repeat(30)}`)).toBe("[Filtered]");
  expect(isExceeded(report.budget)).toBe(true);
  expect([...report.meta.keys()]).toEqual(["extra"]);
});

test("a line of source comes to the same when it is seen again", () => {
  const [secret, harmless] = [
    'password = "hunter2hunter2"',
    'password = os.environ["DB_PASSWORD"]',
  ];
  for (let time = 0; time < 3; time++) {
    expect(scrubCode(secret)).toBe('password = "[Filtered]"');
    expect(scrubCode(harmless)).toBe(harmless);
  }
});
