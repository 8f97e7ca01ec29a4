import { afterAll, expect } from "vitest";
import { leaksIn, watchedLines } from "./secrets";
import { watchForStandstill } from "./standstill";

watchForStandstill();

// Registered before the hooks of the file, so it runs after them.
afterAll(async () => {
  expect(leaksIn(await watchedLines()), "log lines that hold a secret").toEqual([]);
});
