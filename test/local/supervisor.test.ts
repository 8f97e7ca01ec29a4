import { afterEach, expect, test, vi } from "vitest";
import { keep, type Running } from "../../scripts/local/supervisor";

afterEach(() => vi.useRealTimers());

/** Processes that begin and end when the test says so. */
function stage() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const running: { end(how: string): void; stops: number[] }[] = [];
  const failures: string[] = [];
  const lines: string[] = [];
  const noted: number[] = [];
  const start = async (): Promise<Running> => {
    const failure = failures.shift();
    if (failure) throw new Error(failure);
    let end: (how: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (end = resolve));
    const stops: number[] = [];
    const pid = running.push({ end, stops });
    const stop = async (graceMs: number) => {
      stops.push(graceMs);
      end("was stopped");
    };
    return { pid, ended, stop };
  };
  const begin = () =>
    keep(
      "The door",
      start,
      (line) => lines.push(line),
      (pid) => noted.push(pid),
    );
  return { running, failures, lines, noted, begin };
}

/** How long it takes until the next one has begun. */
async function pauseUntil(isThere: () => boolean): Promise<number> {
  const began = performance.now();
  while (!isThere()) {
    await vi.advanceTimersByTimeAsync(100);
    if (performance.now() - began > 60_000) throw new Error("nothing was started");
  }
  return performance.now() - began;
}

test("what ends again and again is started after pauses that double, to ten seconds, and from the first once it was steady", async () => {
  const { running, lines, noted, begin } = stage();
  const kept = await begin();
  const pauses: number[] = [];
  for (let count = 1; count <= 8; count++) {
    expect(kept.pid()).toBe(count);
    running.at(-1)?.end("ended with code 1");
    pauses.push(await pauseUntil(() => running.length > count));
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  await vi.advanceTimersByTimeAsync(31_000);
  running.at(-1)?.end("was ended by SIGKILL");
  expect(await pauseUntil(() => running.length > 9)).toBe(200);
  expect(noted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(lines.at(0)).toBe("The door ended with code 1 and is started again.");
  expect(lines.at(-1)).toBe("The door was ended by SIGKILL and is started again.");
});

test("a first start that fails is an error, a later one is tried again and said", async () => {
  const { running, failures, lines, begin } = stage();
  failures.push("no such program");
  await expect(begin()).rejects.toThrow("no such program");
  const kept = await begin();
  failures.push("no room", "no room");
  running[0]?.end("ended with code 1");
  await vi.advanceTimersByTimeAsync(0);
  expect(kept.pid()).toBeUndefined();
  expect(await pauseUntil(() => running.length > 1)).toBe(200 + 400 + 800);
  expect(lines.slice(1)).toEqual([
    "The door does not start: no room",
    "The door does not start: no room",
  ]);
});

test("what runs is still watched when nobody could note that it does", async () => {
  const { running, lines } = stage();
  let notes = 0;
  const start = async (): Promise<Running> => {
    let end: (how: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (end = resolve));
    return { pid: running.push({ end, stops: [] }), ended, stop: async () => end("was stopped") };
  };
  const kept = await keep(
    "The door",
    start,
    (line) => lines.push(line),
    () => {
      if (++notes > 1) throw new Error("ENOSPC: no space left on device");
    },
  );
  running[0]?.end("ended with code 1");
  await pauseUntil(() => running.length > 1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect([kept.pid(), running.length]).toEqual([2, 2]);
  expect(lines.at(-1)).toBe(
    "The door runs, but that could not be noted: ENOSPC: no space left on device",
  );
});

test("a process is noted when it begins, not when it is ready", async () => {
  stage();
  const noted: number[] = [];
  let ready: () => void = () => undefined;
  const keeping = keep(
    "The door",
    async (begun) => {
      begun(7);
      await new Promise<void>((resolve) => (ready = resolve));
      return { pid: 7, ended: new Promise(() => undefined), stop: async () => undefined };
    },
    () => undefined,
    (pid) => noted.push(pid),
  );
  expect(noted).toEqual([7]);
  ready();
  await keeping;
  expect(noted).toEqual([7]);
});

test("who stops in a pause starts nothing any more, and who stops otherwise waits for the end", async () => {
  const { running, begin } = stage();
  const pausing = await begin();
  running[0]?.end("ended with code 1");
  await vi.advanceTimersByTimeAsync(100);
  await pausing.stop(1000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(running.length).toBe(1);

  const steady = await begin();
  await steady.stop(1234);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([running.length, running[1]?.stops[0]]).toEqual([2, 1234]);
});

test("who stops while the next one is being started ends that one too", async () => {
  const { running, lines } = stage();
  let go: () => void = () => undefined;
  let starts = 0;
  const kept = await keep(
    "The door",
    async () => {
      if (++starts > 1) await new Promise<void>((resolve) => (go = resolve));
      let end: (how: string) => void = () => undefined;
      const ended = new Promise<string>((resolve) => (end = resolve));
      const stops: number[] = [];
      const pid = running.push({ end, stops });
      return { pid, ended, stop: async (ms) => (stops.push(ms), end("was stopped")) };
    },
    (line) => lines.push(line),
  );
  running[0]?.end("ended with code 1");
  await vi.advanceTimersByTimeAsync(500);
  const stopping = kept.stop(1000);
  go();
  await stopping;
  expect([starts, running[1]?.stops]).toEqual([2, [1000]]);
});
