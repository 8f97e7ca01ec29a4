import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

/** Tests that open pages in Chromium. */
const inBrowser = () =>
  readdirSync("test/web", { recursive: true, encoding: "utf8" })
    .map((name) => join("test/web", name))
    .filter((path) => path.endsWith(".test.ts") && /\/ui"/.test(readFileSync(path, "utf8")));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // For machines without Chromium, where somebody said so.
    exclude: process.env.WITHOUT_BROWSER === "true" ? inBrowser() : [],
    setupFiles: ["test/every-file.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    // Files have tenants and stacks of their own and leave nothing behind in their process: one does for many, and
    // loads what they share once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // A test waits for the worker, the database and time more than it works: three fill two cores, and more would make parts
    // wait for each other beyond what the product allows them.
    maxWorkers: availableParallelism() + 1,
    // Far above what a test takes, for machines that have other work besides. What hangs for good ends by the deadlines of
    // test/harness.ts, test/contract.ts and test/standstill.ts.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A focused test must not hide the others.
    allowOnly: false,
  },
});
