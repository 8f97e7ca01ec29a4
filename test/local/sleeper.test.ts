import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSleeper } from "../../scripts/local/sleeper";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const asked: string[] = [];
  const sleeper = openSleeper(
    { wake: () => asked.push("wake"), sleep: () => asked.push("sleep") },
    1000,
  );
  return { asked, sleeper };
}

test("consumers are asked for once, and batches wait until they run", async () => {
  const { asked, sleeper } = watched();
  const done: number[] = [];
  const both = [1, 2].map((number) => sleeper.whileAwake(async () => void done.push(number)));
  await vi.advanceTimersByTimeAsync(5000);
  expect([asked, done]).toEqual([["wake"], []]);
  sleeper.awoke();
  await Promise.all(both);
  expect([asked, done]).toEqual([["wake"], [1, 2]]);
});

test("they may end when nothing was delivered for a while, and not during a delivery however long", async () => {
  const { asked, sleeper } = watched();
  let finish: () => void = () => undefined;
  const long = sleeper.whileAwake(() => new Promise<void>((resolve) => (finish = resolve)));
  sleeper.awoke();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(["wake"]);
  finish();
  await long;
  await vi.advanceTimersByTimeAsync(999);
  expect(asked).toEqual(["wake"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(["wake", "sleep"]);
});

test("whoever comes when they are ending asks again", async () => {
  const { asked, sleeper } = watched();
  const first = sleeper.whileAwake(async () => "first");
  sleeper.awoke();
  await first;
  await vi.advanceTimersByTimeAsync(1000);
  const second = sleeper.whileAwake(async () => "second");
  expect(asked).toEqual(["wake", "sleep", "wake"]);
  sleeper.awoke();
  expect(await second).toBe("second");
});

test("a delivery that fails counts as one, and consumers end all the same", async () => {
  const { asked, sleeper } = watched();
  const failing = sleeper.whileAwake(() => Promise.reject(new Error("away")));
  sleeper.awoke();
  await expect(failing).rejects.toThrow("away");
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["wake", "sleep"]);
});

test("where something lives in them they stay", async () => {
  const { asked, sleeper } = watched();
  sleeper.stayAwake();
  sleeper.awoke();
  await sleeper.whileAwake(async () => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(["wake"]);
});
