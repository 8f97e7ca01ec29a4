import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectRoot } from "../../scripts/local/places";
import { assertRoomToStart } from "../../scripts/local/room";
import { makeScratch } from "../scratch";

const scratch = makeScratch("room");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const megabyte = 1024 * 1024;

test("a start on a full disk changes nothing and says what it needs", () => {
  expect(() => assertRoomToStart(scratch, 64 * megabyte - 1)).toThrow(
    `The disk of ${scratch} is full: 63 MB are free, and a start needs 64 MB.`,
  );
  expect(() => assertRoomToStart(scratch, 64 * megabyte)).not.toThrow();
  expect(() => assertRoomToStart(join(scratch, "not", "there", "yet"))).not.toThrow();
});

/** What `npm start` says of a data folder before it ends. */
const startIn = (home: string) =>
  new Promise<{ code: unknown; said: string }>((resolve) => {
    const env = { ...process.env, BRINKWATCH_HOME: home };
    execFile(
      process.execPath,
      [join(projectRoot, "scripts/local/start.mjs")],
      { env },
      (error, stdout, stderr) => resolve({ code: error?.code, said: stdout + stderr }),
    );
  });

test("a data folder that cannot be written is named", async () => {
  const file = join(scratch, "file");
  writeFileSync(file, "");
  // What stands in the way stops the owner of the machine too, who may write in a folder that is read-only.
  const taken = join(scratch, "taken");
  mkdirSync(join(taken, "run", "main.mjs", "in the way"), { recursive: true });
  for (const home of [file, taken]) {
    const { code, said } = await startIn(home);
    expect(code).toBe(1);
    expect(said).toContain(
      `Brinkwatch could not start. The data folder ${home} cannot be written:`,
    );
    expect(said.trim().split("\n").length).toBe(1);
  }
});
