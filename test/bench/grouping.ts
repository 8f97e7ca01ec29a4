/**
 * CPU of both versions of grouping over all recorded events, in turns: `npx tsx test/bench/grouping.ts`. The second line is
 * of names that were never seen before, which an isolate does not remember.
 */
import { stacksOf } from "../../src/events/exceptions";
import { markInApp } from "../../src/events/in-app";
import type { NormalEvent } from "../../src/events/normal-event";
import { groupings } from "../../src/issues/grouping/groupings";
import { normalized, recordedEvents } from "../issues/grouping/recorded";

const rounds = 15;
const timesPerRound = 20;

const asSent = recordedEvents.map(({ payload }) => normalized(payload));
const marked = asSent.map((event) => {
  const copy = structuredClone(event);
  markInApp(copy);
  return copy;
});

function userMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** User CPU of one event in milliseconds: medians of rounds in turns. */
function compare(name: string, before: (events: NormalEvent[]) => void): void {
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [took, events, group] of [
      [one, asSent, groupings.g1],
      [two, marked, groupings.g2],
    ] as const) {
      let ms = 0;
      for (let time = 0; time < timesPerRound; time++) {
        before(events);
        ms += userMsOf(() => events.forEach((event) => group(event)));
      }
      took.push(ms / timesPerRound / events.length);
    }
  }
  const [g1, g2] = [median(one), median(two)];
  process.stdout.write(
    `${name}: g1 ${g1.toFixed(4)} ms, g2 ${g2.toFixed(4)} ms, more by ${(g2 - g1).toFixed(4)} ms\n`,
  );
}

let letters = 0;
/** Every function is called otherwise than before. */
function rename(events: NormalEvent[]): void {
  const suffix = String(letters++).replace(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)));
  for (const { frames } of events.flatMap(stacksOf)) {
    for (const frame of frames) {
      if (frame.function) frame.function = `${frame.function.replace(/X\w*$/, "")}X${suffix}`;
      if (frame.filename)
        frame.filename = frame.filename.replace(/(?:X[a-j]+)?(?=\.\w+$)/, `X${suffix}`);
    }
  }
}

process.stdout.write(`${asSent.length} events\n`);
compare("names as they come", () => {});
compare("names never seen before", rename);
