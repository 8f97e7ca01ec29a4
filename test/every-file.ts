import "./every-process";
import { afterAll, expect } from "vitest";
import { forgetSecrets, leaksIn, watchedLines } from "./secrets";

// Registered before the hooks of the file, so it runs after them.
afterAll(async () => {
  const leaks = leaksIn(await watchedLines());
  forgetSecrets();
  expect(leaks, "log lines that hold a secret").toEqual([]);
});
