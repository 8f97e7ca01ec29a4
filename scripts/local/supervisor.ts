import type { ChildProcess } from "node:child_process";

/** A process that runs. */
export type Running = {
  pid: number;
  /** How it ended, in words; never rejects. */
  ended: Promise<string>;
  /** Asks it to end, and ends it outright when it has not after the time. */
  stop(graceMs: number): Promise<void>;
};

/** Something that is started again whenever it ends. */
export type Kept = {
  /** Of the process of the moment; undefined while there is none. */
  pid(): number | undefined;
  stop(graceMs: number): Promise<void>;
};

const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** Who ran so long begins again with the shortest pause. */
const steadyMs = 30_000;

/**
 * Starts something and starts it again, after a pause that doubles, whenever it ends or cannot start. Rejects only when
 * the first start fails. `start` tells the number of its process as soon as there is one, not when it is ready: whoever
 * kills this process in between must not leave one behind that nobody knows of.
 */
export async function keep(
  name: string,
  start: (begun: (pid: number) => void) => Promise<Running>,
  say: (line: string) => void,
  onStart: (pid: number) => void = () => undefined,
): Promise<Kept> {
  let isStopping = false;
  const note = (pid: number) => {
    try {
      onStart(pid);
    } catch (error) {
      say(`${name} runs, but that could not be noted: ${(error as Error).message}`);
    }
  };
  const begin = async () => {
    let known = 0;
    const next = await start((pid) => {
      known = pid;
      note(pid);
    });
    if (known !== next.pid) note(next.pid);
    return next;
  };
  let running: Running | undefined = await begin();
  let wake: () => void = () => undefined;

  const watch = async () => {
    let pauseMs = firstPauseMs;
    while (!isStopping) {
      const began = performance.now();
      let how = "";
      if (running) {
        how = await running.ended;
        running = undefined;
      }
      if (isStopping) return;
      if (performance.now() - began > steadyMs) pauseMs = firstPauseMs;
      if (how) say(`${name} ${how} and is started again.`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pauseMs);
      });
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      if (isStopping) return;
      try {
        running = await begin();
      } catch (error) {
        say(`${name} does not start: ${(error as Error).message}`);
      }
    }
  };
  const watching = watch();

  return {
    pid: () => running?.pid,
    stop: async (graceMs) => {
      isStopping = true;
      wake();
      await running?.stop(graceMs);
      await watching;
      // One that was being started meanwhile.
      await running?.stop(graceMs);
    },
  };
}

export function runningChild(child: ChildProcess): Running {
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    child.once("exit", (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
    );
  });
  return {
    pid: child.pid ?? 0,
    ended,
    stop: async (graceMs) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
