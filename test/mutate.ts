import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Mutation, mutations } from "./mutations";

/**
 * `npm run mutate`: plants known faults in a copy of the project, one at a time, and runs the tests that must notice.
 * `-- words` takes those whose sentence has the words.
 */
const root = join(import.meta.dirname, "..");
const runMinutesMax = 10;

const words = process.argv.slice(2).join(" ");
const chosen = mutations.filter(({ what }) => what.includes(words));
const copy = mkdtempSync(join(tmpdir(), "brinkwatch-mutate-"));
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
process.once("SIGINT", () => process.exit(130));

copyProject();
let faults = 0;
for (const mutation of chosen) {
  const verdict = judge(mutation);
  if (!verdict.startsWith("killed")) faults++;
  console.log(`${verdict}\n    ${mutation.what} (${mutation.file})`);
}
console.log(`${chosen.length - faults} of ${chosen.length} killed.`);
process.exit(faults > 0 || chosen.length === 0 ? 1 : 0);

/** What git knows or would take, beside the installed packages. */
function copyProject(): void {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", list, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  for (const path of files.split("\0").filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

function judge(mutation: Mutation): string {
  const path = join(copy, mutation.file);
  const text = readFileSync(path, "utf8");
  if (text.split(mutation.find).length !== 2) return "NO PLACE: the text is not there once";
  const sound = run(mutation);
  if (sound.passed === 0 || sound.failed.length > 0) {
    return `UNSOUND: the tests do not pass without the fault${sound.failed.map((name) => `\n    ${name}`).join("")}`;
  }
  writeFileSync(
    path,
    text.replace(mutation.find, () => mutation.replace),
  );
  try {
    const { passed, failed } = run(mutation);
    if (failed[0]) return `killed by: ${failed[0]}`;
    return passed > 0 ? "SURVIVED" : "UNSOUND: with the fault no test runs at all";
  } finally {
    writeFileSync(path, text);
  }
}

type Report = { testResults: { assertionResults: { status: string; fullName: string }[] }[] };

function run({ tests, only }: Mutation): { passed: number; failed: string[] } {
  const report = join(copy, "mutation-report.json");
  rmSync(report, { force: true });
  const vitest = join(copy, "node_modules/vitest/vitest.mjs");
  const pattern = only.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const flags = ["run", tests, "-t", pattern, "--reporter=json", `--outputFile=${report}`];
  spawnSync(process.execPath, [vitest, ...flags], {
    cwd: copy,
    stdio: "ignore",
    timeout: runMinutesMax * 60_000,
  });
  if (!existsSync(report)) return { passed: 0, failed: [] };
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    all.filter((each) => each.status === status).map(({ fullName }) => fullName.trim());
  return { passed: named("passed").length, failed: named("failed") };
}
