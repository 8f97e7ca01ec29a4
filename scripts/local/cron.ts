import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Cron } from "croner";
import { minuteMs } from "../../src/protocol/durations";

const lookEveryMs = 1000;

/**
 * Calls `fire` once in each minute (UTC) that a cron names. Which minutes have had it lies in a file before it is
 * called, so a restart does not repeat it. Returns what ends it.
 */
export function startCrons(
  crons: string[],
  file: string,
  fire: (cron: string, at: number) => void,
  now: () => number = Date.now,
): () => void {
  const clocks = crons.map((cron) => ({ cron, clock: new Cron(cron, { timezone: "UTC" }) }));
  const done = new Map<string, number>(readDone(file));
  const look = () => {
    const minute = Math.floor(now() / minuteMs);
    const due = clocks.filter(
      ({ cron, clock }) => done.get(cron) !== minute && clock.match(new Date(minute * minuteMs)),
    );
    if (due.length === 0) return;
    for (const { cron } of due) done.set(cron, minute);
    writeFileSync(`${file}.new`, JSON.stringify([...done]));
    renameSync(`${file}.new`, file);
    for (const { cron } of due) fire(cron, minute * minuteMs);
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function readDone(file: string): [string, number][] {
  try {
    const known: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(known) ? known.filter(isDone) : [];
  } catch {
    return [];
  }
}

const isDone = (entry: unknown): entry is [string, number] =>
  Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "number";
