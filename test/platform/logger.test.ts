import { afterEach, expect, test, vi } from "vitest";
import { openLogger } from "../../src/platform/logger";

afterEach(() => void vi.restoreAllMocks());

/** What is written of a line for each id, with a share of the info lines. */
function written(level: "info" | "warn" | "error", ids: string[], share: number): string[] {
  const lines: string[] = [];
  for (const name of ["log", "warn", "error"] as const) {
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
  }
  const log = openLogger(share);
  for (const requestId of ids) log(level, "request", { requestId });
  return lines.map((line) => JSON.parse(line).requestId);
}

const ids = Array.from({ length: 2000 }, () => crypto.randomUUID());

test("a share of the info lines is written, and of one request all or none", () => {
  const chosen = written("info", ids, 0.1);
  expect(chosen.length).toBeGreaterThan(100);
  expect(chosen.length).toBeLessThan(300);
  expect(written("info", [...ids, ...chosen], 0.1)).toEqual([...chosen, ...chosen]);
  expect(written("info", ids, 0)).toEqual([]);
  expect(written("info", ids, 1)).toEqual(ids);
});

test("errors and warnings are always written", () => {
  expect(written("error", ids, 0)).toEqual(ids);
  expect(written("warn", ids, 0)).toEqual(ids);
});
