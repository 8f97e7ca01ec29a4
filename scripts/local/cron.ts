import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Cron } from "croner";
import { minuteMs } from "../../src/protocol/durations";

const lookEveryMs = 1000;
/** Remembered of each cron, so that a clock that is set back by an hour or two repeats nothing. */
const minutesMax = 180;

/** Of each cron, the minutes (since 1970) that it has had, the latest last. */
type Done = Map<string, number[]>;

/**
 * Calls `fire` once in each minute (UTC) that a cron names. Which minutes have had it lies in a file before it is
 * called, so neither a restart nor a clock that jumps repeats it. Returns what ends it.
 */
export function startCrons(
  crons: string[],
  file: string,
  fire: (cron: string, at: number) => void,
  log: (line: string) => void,
  now: () => number = Date.now,
): () => void {
  const clocks = crons.map((cron) => ({ cron, clock: new Cron(cron, { timezone: "UTC" }) }));
  const known = readDone(file);
  const done: Done = new Map(crons.map((cron) => [cron, known.get(cron) ?? []]));
  const look = () => {
    const minute = Math.floor(now() / minuteMs);
    const due = clocks.filter(
      ({ cron, clock }) =>
        !done.get(cron)?.includes(minute) && clock.match(new Date(minute * minuteMs)),
    );
    if (due.length === 0) return;
    for (const { cron } of due) {
      done.set(cron, [...(done.get(cron) ?? []), minute].slice(-minutesMax));
    }
    try {
      writeFileSync(`${file}.new`, JSON.stringify([...done]));
      renameSync(`${file}.new`, file);
    } catch (error) {
      // On a disk that is full, what the crons delete is needed all the more.
      log(`The crons of this minute could not be noted: ${(error as Error).message}`);
    }
    for (const { cron } of due) fire(cron, minute * minuteMs);
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function readDone(file: string): Done {
  try {
    const known: unknown = JSON.parse(readFileSync(file, "utf8"));
    return new Map(Array.isArray(known) ? known.filter(isDone) : []);
  } catch {
    return new Map();
  }
}

const isDone = (entry: unknown): entry is [string, number[]] =>
  Array.isArray(entry) &&
  typeof entry[0] === "string" &&
  Array.isArray(entry[1]) &&
  entry[1].every((minute) => typeof minute === "number");
