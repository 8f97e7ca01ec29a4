import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/contract.ts", "test/every-file.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    // A test waits for the worker and the database more than it works: two fill two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A focused test must not hide the others.
    allowOnly: false,
  },
});
