import { afterEach, expect, test, vi } from "vitest";
import { openLogger, reasonOf } from "../../src/platform/logger";

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

test.each([
  [new Error('ERR no, command was: ["set","codes:1","s3cret-codes"]'), "Error: ERR no"],
  [new Error("Failed query: insert into x values ($1)\nparams: s3cret"), "Error: Failed query"],
  [parseError("s3cret"), "SyntaxError: Unexpected token 's'"],
  [
    new Error("Failed query: x", {
      cause: new Error('invalid input syntax for type uuid: "s3cret"'),
    }),
    "Error: Failed query (invalid input syntax for type uuid)",
  ],
  [new Error('relation "issues" does not exist'), 'Error: relation "issues" does not exist'],
])("what an error quotes is not logged: %s", (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});

function parseError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
