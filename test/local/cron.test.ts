import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { startCrons } from "../../scripts/local/cron";
import { makeScratch } from "../scratch";

const scratch = makeScratch("cron");
afterEach(() => vi.useRealTimers());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const everyMinute = "* * * * *";
const hourly = "17 * * * *";
const minute = 60_000;

let files = 0;
/** A clock on the wall that a test sets, and the crons of one data folder. */
function machine(file = join(scratch, `${files++}.json`)) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let wall = Date.UTC(2026, 0, 5, 12, 0, 30);
  const fired: string[] = [];
  const lines: string[] = [];
  const start = () =>
    startCrons(
      [everyMinute, hourly],
      file,
      (cron, at) =>
        fired.push(
          `${cron === hourly ? "hourly " : ""}${new Date(at).toISOString().slice(11, 16)}`,
        ),
      (line) => lines.push(line),
      () => wall,
    );
  const pass = (minutes: number) => {
    for (let seconds = 0; seconds < minutes * 60; seconds++) {
      wall += 1000;
      vi.advanceTimersByTime(1000);
    }
  };
  return {
    file,
    fired,
    lines,
    start,
    pass,
    jump: (minutes: number) => (wall += minutes * minute),
  };
}

const isOnceEach = (fired: string[]) => new Set(fired).size === fired.length;

test("each minute that a cron names has it once, by the time of that minute in UTC", () => {
  const { fired, start, pass } = machine();
  const stop = start();
  pass(18);
  stop();
  pass(2);
  expect(fired.filter((at) => at.startsWith("hourly"))).toEqual(["hourly 12:17"]);
  expect(fired.filter((at) => !at.startsWith("hourly"))).toEqual(
    Array.from({ length: 19 }, (_, index) => `12:${String(index).padStart(2, "0")}`),
  );
});

test("a start in the minute of another repeats nothing", () => {
  const { fired, start, pass } = machine();
  for (let count = 0; count < 10; count++) {
    const stop = start();
    pass(0.1);
    stop();
  }
  expect(fired).toEqual(["12:00", "12:01"]);
});

test.each([
  ["an hour forward and back", 60],
  ["an hour back and forward", -60],
])(
  "a clock that jumps %s repeats nothing and misses nothing of the time that is right",
  (_, by) => {
    const { fired, start, pass, jump } = machine();
    let stop = start();
    pass(20);
    jump(by);
    pass(5);
    // A start must not make it forget either.
    stop();
    stop = start();
    pass(5);
    jump(-by);
    pass(65);
    stop();
    expect(isOnceEach(fired)).toBe(true);
    // Ten minutes long the clock was wrong.
    const right = Array.from({ length: 95 }, (_each, index) => index)
      .filter((index) => index <= 20 || index > 30)
      .map((index) => new Date(Date.UTC(2026, 0, 5, 12, index)).toISOString().slice(11, 16));
    expect(right.filter((at) => !fired.includes(at))).toEqual([]);
    expect(fired.filter((at) => at === "hourly 12:17" || at === "hourly 13:17").length).toBe(2);
  },
);

test.each([
  ["is no JSON", "{"],
  ["is of an earlier version", JSON.stringify([[everyMinute, 29_459_520]])],
  ["names a cron that is gone", JSON.stringify([["1 1 1 1 1", [1]]])],
])("a file of crons that %s is replaced", (_, text) => {
  const { file, fired, start, pass } = machine();
  writeFileSync(file, text);
  const stop = start();
  pass(1);
  stop();
  expect(fired).toEqual(["12:00", "12:01"]);
  const noted = JSON.parse(readFileSync(file, "utf8"));
  expect(noted.map(([cron]: [string]) => cron)).toEqual([everyMinute, hourly]);
});

test("what is remembered of the minutes has an end", () => {
  const { file, start, pass } = machine();
  const stop = start();
  pass(200);
  stop();
  expect(JSON.parse(readFileSync(file, "utf8"))[0][1].length).toBe(180);
});

test("crons that cannot be noted, as on a full disk, are fired all the same, and it is said", () => {
  const { file, fired, lines, start, pass } = machine(join(scratch, "full"));
  // Nobody can write a file where a folder is.
  mkdirSync(`${file}.new`);
  const stop = start();
  pass(2);
  stop();
  expect(fired).toEqual(["12:00", "12:01", "12:02"]);
  expect(existsSync(file)).toBe(false);
  expect(lines.length).toBe(3);
  expect(lines[0]).toContain("The crons of this minute could not be noted: EISDIR");
});
