import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { holdFolder, readHolder } from "../../scripts/local/hold";
import { forEachLine } from "../../scripts/local/lines";
import { isRunning } from "../../scripts/local/processes";
import { runningChild } from "../../scripts/local/supervisor";
import { eventually } from "../harness";
import { makeScratch } from "../scratch";

const scratch = makeScratch("hold");
const children: ChildProcess[] = [];
afterAll(async () => {
  await Promise.all(children.map((child) => runningChild(child).stop(1000)));
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
function newFolder(): string {
  const folder = join(scratch, String(folders++));
  mkdirSync(folder);
  return folder;
}

function run(command: string, ...given: string[]) {
  const child = spawn(command, given, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const lines: string[] = [];
  forEachLine(child.stdout, (line) => lines.push(line));
  return { child, pid: child.pid ?? 0, lines };
}

/** Something that takes no notice of SIGTERM, or of nothing. */
const idle = (ignored = "") => {
  const script = `${ignored && `process.on("${ignored}", () => console.log("${ignored}"));`}console.log("runs");setInterval(() => {}, 1000)`;
  return run(process.execPath, "-e", script);
};

const untilSaid = (lines: string[], count: number) =>
  eventually(() => expect(lines.length).toBeGreaterThanOrEqual(count));

const stale = (parts: unknown[] = [], pid = 2 ** 22 - 1) =>
  JSON.stringify({ pid, began: "1", publicUrl: "http://localhost/earlier", parts });

test.each([
  ["an empty folder", undefined],
  ["what a killed start left behind", stale()],
  ["a file that was cut", '{"pid":'],
])("of starts that begin together in %s one gets it, and the others name it", async (_, left) => {
  const folder = newFolder();
  const signal = join(folder, "now");
  if (left) writeFileSync(join(folder, "running.json"), left);
  const file = join(import.meta.dirname, "hold-folder.ts");
  const starts = Array.from({ length: 3 }, () =>
    run(process.execPath, "--import", "tsx", file, folder, signal),
  );
  for (const { lines } of starts) await untilSaid(lines, 1);
  writeFileSync(signal, "");
  for (const { lines } of starts) await untilSaid(lines, 2);

  const holders = starts.filter(({ lines }) => lines.includes("holds"));
  expect(holders.length).toBe(1);
  expect(readHolder(folder)?.pid).toBe(holders[0]?.pid);
  for (const { lines } of starts.filter((start) => start !== holders[0])) {
    expect(lines[1]).toContain(`(process ${holders[0]?.pid}, http://localhost/${holders[0]?.pid})`);
  }
  expect(readdirSync(folder).sort()).toEqual(["now", "running.json"]);
});

test("a folder of a start that was killed is free, also when another process has its number now", async () => {
  const folder = newFolder();
  const { pid, lines } = idle();
  await untilSaid(lines, 1);
  writeFileSync(
    join(folder, "running.json"),
    stale([{ name: "door", pid, began: "1", signal: "SIGTERM" }], pid),
  );
  const hold = await holdFolder(folder, "http://localhost/new");
  expect(readHolder(folder)).toMatchObject({ pid: process.pid, parts: [] });
  // It has nothing to do with the folder.
  expect(() => process.kill(pid, 0)).not.toThrow();
  hold.release();
  expect(readHolder(folder)).toBeUndefined();
});

test("what a killed start left running ends before the folder is taken, each part by its own signal", async () => {
  const folder = newFolder();
  const [door, database] = [idle("SIGINT"), idle("SIGTERM")];
  const hold = await holdFolder(folder, "http://localhost/first");
  await untilSaid(door.lines, 1);
  await untilSaid(database.lines, 1);
  hold.note("door", door.pid, "SIGTERM");
  hold.note("database", database.pid, "SIGINT");
  const holder = readHolder(folder);
  expect(holder?.parts.map(isRunning)).toEqual([true, true]);
  writeFileSync(join(folder, "running.json"), JSON.stringify({ ...holder, began: "1" }));

  const ended = [door, database].map(({ child }) => runningChild(child).ended);
  await holdFolder(folder, "http://localhost/second");
  expect(holder?.parts.map(isRunning)).toEqual([false, false]);
  expect(await Promise.all(ended)).toEqual(["was ended by SIGTERM", "was ended by SIGINT"]);
});

test("a part that was started again is noted by its new number alone", async () => {
  const folder = newFolder();
  const hold = await holdFolder(folder, "http://localhost/");
  for (const pid of [process.pid, process.ppid]) hold.note("door", pid);
  hold.set({ databaseUrl: "postgres://x" });
  expect(readHolder(folder)).toMatchObject({
    databaseUrl: "postgres://x",
    parts: [{ name: "door", pid: process.ppid, signal: "SIGTERM" }],
  });
});
