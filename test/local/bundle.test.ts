import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleWorker } from "../../scripts/local/bundle";
import { makeScratch } from "../scratch";

const root = join(import.meta.dirname, "../..");
const folder = makeScratch("bundle");
const [ours, theirs] = [join(folder, "ours"), join(folder, "wrangler")];

beforeAll(async () => {
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  await Promise.all([
    bundleWorker(ours),
    promisify(execFile)(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", theirs], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production", WRANGLER_SEND_METRICS: "false" },
    }),
  ]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without the line that names the source map. */
const code = (from: string) =>
  readFileSync(join(from, "worker.js"), "utf8")
    .replace(/^\/\/# sourceMappingURL=.*$/m, "")
    .trimEnd();
/** What wrangler writes besides is about the bundle. */
const filesOf = (from: string) =>
  readdirSync(from).filter((name) => name !== "README.md" && name !== "worker.js.map");

test("npm start runs the very bytes that wrangler would deploy", () => {
  expect(code(ours).length).toBeGreaterThan(1_000_000);
  // Compared as a number first: the difference of two megabytes would be no message.
  expect(code(ours) === code(theirs)).toBe(true);
});

test("what is carried along lies beside the bundle under the same names", () => {
  expect(filesOf(ours).toSorted()).toEqual(filesOf(theirs).toSorted());
  for (const name of filesOf(ours).filter((file) => file !== "worker.js")) {
    expect(readFileSync(join(ours, name)).equals(readFileSync(join(theirs, name)))).toBe(true);
  }
});

test("a module that should take the place of another and is nowhere used is an error", async () => {
  const unused = { "not-there/at-all": join(root, "test/cheap-passwords.ts") };
  await expect(bundleWorker(join(folder, "other"), unused)).rejects.toThrow("cheap-passwords.ts");
});
