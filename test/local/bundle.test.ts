import { exec, execFile } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleAhead, bundleOnce, bundleWorker } from "../../scripts/local/bundle";
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

test("a start takes the bundle of the installation while it is of the same sources, and else makes its own", async () => {
  const [ahead, home] = [join(folder, "ahead"), join(folder, "home")];
  await bundleAhead(ahead);
  expect(readFileSync(join(ahead, "worker.js"), "utf8")).toBe(
    readFileSync(join(ours, "worker.js"), "utf8"),
  );
  const mark = "// as it was installed\n";
  appendFileSync(join(ahead, "worker.js"), mark);
  const taken = await bundleOnce(home, ahead);
  expect(readFileSync(taken, "utf8")).toContain(mark);
  expect(readdirSync(home).toSorted()).toEqual([...filesOf(ours), "made-of"].toSorted());

  writeFileSync(join(ahead, "made-of"), "other sources");
  expect(readFileSync(await bundleOnce(home, ahead), "utf8")).toContain(mark);
  writeFileSync(join(home, "made-of"), "other sources");
  expect(readFileSync(await bundleOnce(home, ahead), "utf8")).not.toContain(mark);
});

test("an installation without the sources, or where they cannot be built, does not fail", async () => {
  const { prepare } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
  const install = (cwd: string) =>
    promisify(exec)(prepare, { cwd, env: { ...process.env, BRINKWATCH_PROJECT: folder } });
  expect(await install(folder)).toEqual({ stdout: "", stderr: "" });
  const { stdout, stderr } = await install(root);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Not built ahead, so the first start will take longer: ./);
});
