import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { code, everything, filesBelow, read, root } from "./sources";

const banned = new Set([
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "shared",
  "lib",
  "misc",
  "types",
  "constants",
  "index",
]);
const linesMax = 420;

test("files are named after what they do or know", () => {
  const wrong = everything.filter((path) =>
    path.split("/").some((part) => banned.has(part.replace(/\.\w+$/, ""))),
  );
  expect(wrong, "name it after its main export instead").toEqual([]);
  expect(
    everything
      .map((path) => basename(path))
      .filter((name) => !/^[a-z0-9-]+(\.test|\.config|\.d)?\.(tsx?|mjs|cjs)$/.test(name)),
  ).toEqual([]);
});

test("no file outgrows a reader", () => {
  const long = everything.filter(
    (path) => !path.startsWith("test/") && read(path).split("\n").length > linesMax,
  );
  expect(long, `split it by meaning: at most ${linesMax} lines`).toEqual([]);
});

test("nothing unfinished, focused, skipped or printed is left behind", () => {
  const patterns: [RegExp, string][] = [
    [/\b(TODO|FIXME|XXX)\b/, "do it now, or write it down elsewhere"],
    [/\b(test|describe|it)\.(only|skip|todo|fails)\b/, "run it or remove it"],
    [/\bdebugger\b/, "remove it"],
  ];
  const self = "test/tidy.test.ts";
  const wrong = everything
    .filter((path) => path !== self)
    .flatMap((path) =>
      patterns
        .filter(([pattern]) => pattern.test(read(path)))
        .map(([pattern, advice]) => `${path}: ${pattern}: ${advice}`),
    );
  const printing = code.filter(
    (path) => path !== "src/platform/logger.ts" && /console\./.test(read(path)),
  );
  expect([...wrong, ...printing.map((path) => `${path}: use deps.log`)]).toEqual([]);
});

// Each has a plain word: chance, reminder, plumbing, condition, reported or notified, created.
test("words that a stranger would have to guess stand nowhere", () => {
  const odd = new RegExp(
    `\\b(${["di" + "ce", "nud" + "ge", "ha" + "ll", "ga" + "te", "to" + "ld", "bo" + "rn"].join("|")})\\b`,
    "i",
  );
  const paths = [...everything, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
  expect(paths.filter((path) => odd.test(read(path)))).toEqual([]);
});

/** A word that has one meaning here (CONTRIBUTING, "Style"), in a use that is another. */
const otherMeanings: [use: RegExp, word: string][] = [
  [/\b(?:place|space|world) = await makeTenant\(/, "tenant"],
  [/→ decide → write → (?!publish)/, "publish"],
  [/\bplace(?:s)? = new Map\(.*index/, "index"],
  [/\bplaceOf = \(row\b/, "edgeOf"],
];

test("a word that has one meaning is not used for another", () => {
  const paths = [...everything, "ARCHITECTURE.md", "CONTRIBUTING.md"];
  const wrong = paths
    .filter((path) => path !== "test/tidy.test.ts")
    .flatMap((path) =>
      otherMeanings
        .filter(([use]) => use.test(read(path)))
        .map(([use, word]) => `${path}: ${use}: say ${word}`),
    );
  expect(wrong).toEqual([]);
});

test("the former name stands only where its data are taken over", () => {
  const name = ["fault", "line"].join("");
  const named = everything.filter((path) => read(path).toLowerCase().includes(name));
  expect(named.filter((path) => !/take-over/.test(path))).toEqual([]);
});

test("no class but Fault and the errors of one file, no enum, no interface, no any", () => {
  const wrong = code.flatMap((path) =>
    [
      ...read(path).matchAll(
        /^(?:export )?(?:class (\w+)|enum \w+|interface \w+)|:\s*any\s*[;,)=\]>]|\bas any\b/gm,
      ),
    ]
      .filter(([, name]) => name !== "Fault" && name !== "UnreadableItem")
      .map(([text]) => `${path}: ${text}`),
  );
  expect(wrong).toEqual([]);
});

test("nothing is spread only to please the formatter", () => {
  const spread = everything
    .filter((path) => path !== "test/tidy.test.ts")
    .flatMap((path) =>
      [...read(path).matchAll(/\.{3}([{[])/g)]
        .filter((match) => isPlain(read(path), match.index + 3))
        .map((match) => `${path}: ${read(path).slice(match.index, match.index + 40)}`),
    );
  expect(spread, "write the members out").toEqual([]);
});

/** Whether the literal that opens here is all that is spread: no method of it is called. */
function isPlain(text: string, from: number): boolean {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? "";
    if ("{[(".includes(char)) depth++;
    if ("}])".includes(char) && --depth === 0) return !/^\s*[.?[]/.test(text.slice(at + 1));
  }
  return false;
}

test("durations, ids of rows and what is not there are spelled once", () => {
  const everywhere = [...code, ...filesBelow("scripts", /\.ts$/)];
  const spelled = everywhere
    .filter((path) => path !== "src/protocol/durations.ts")
    .flatMap((path) => [
      ...[...read(path).matchAll(/\b(60_000|3_?600(_000)?|86_?400(_000)?|604_?800(_000)?)\b/g)].map(
        ([text]) => `${path}: ${text}: src/protocol/durations.ts names it`,
      ),
      ...[...read(path).matchAll(/% (hour|day)(Ms|Seconds)\b/g)].map(
        ([text]) => `${path}: ${text}: hourOf or dayOf of src/protocol/durations.ts`,
      ),
    ]);
  const missing = code
    .filter((path) => path !== "src/fault.ts" && read(path).includes('"Not Found"'))
    .map((path) => `${path}: throw notFound() of src/fault.ts`);
  const ids = code
    .filter((path) => path !== "src/protocol/row-id.ts" && read(path).includes("\\d{1,15}"))
    .map((path) => `${path}: idIn or idPattern of src/protocol/row-id.ts`);
  expect([...spelled, ...missing, ...ids]).toEqual([]);
});

test("every recorded body is listed, and every golden answer belongs to one", () => {
  const index: { requests: { file?: string }[] } = JSON.parse(
    read("test/fixtures/envelopes/INDEX.json"),
  );
  const listed = index.requests.flatMap(({ file }) => file ?? []).toSorted();
  const bodies = readdirSync(join(root, "test/fixtures/envelopes")).filter((name) =>
    name.endsWith(".bin"),
  );
  expect(bodies.toSorted()).toEqual(listed);
  const golden = readdirSync(join(root, "test/fixtures/golden")).filter(
    (name) => !name.startsWith("_"),
  );
  expect(golden.filter((name) => !listed.includes(name.replace(/\.json$/, ".bin")))).toEqual([]);
});

test("links in the documents lead somewhere", () => {
  const documents = filesBelow(".", /\.md$/);
  expect(documents).toEqual(
    expect.arrayContaining(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
  );
  const dead = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)]
      .map(([, target = ""]) => join(dirname(document), target))
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document} → ${path}`),
  );
  expect(dead).toEqual([]);
});

test("paths that ARCHITECTURE.md names exist", () => {
  const named = [
    ...read("ARCHITECTURE.md").matchAll(/`((?:src|queues|drizzle|scripts|test)\/[\w./-]+)`/g),
  ].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the lockfile names no download addresses and versions are exact", () => {
  expect(read("package-lock.json")).not.toMatch(/"resolved"/);
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)),
  );
  expect(loose).toEqual([]);
});
