import { dayMs, hourMs } from "../../src/protocol/durations";
import type { Chance } from "./chance";
import type { Course } from "./story";

const days = 14;

/** How much happens at an hour of the day (UTC): people sleep. */
const byHour = (at: number) =>
  0.35 + 0.65 * Math.max(0, Math.sin(((new Date(at).getUTCHours() - 5) / 18) * Math.PI));

/** How much of it happens `ago` milliseconds before now, from 0 to 1. */
const weights: Record<Course, (ago: number) => number> = {
  steady: () => 0.7,
  ignored: () => 0.7,
  outbreak: (ago) => (ago < 5 * hourMs ? 1 : ago < 9 * dayMs ? 0.03 : 0),
  new: (ago) => (ago < 22 * hourMs ? 0.6 : 0),
  back: (ago) => (ago < 2 * dayMs || ago > 6 * dayMs ? 0.7 : 0),
  fading: (ago) => (ago > 3 * dayMs ? (ago / dayMs / days) ** 2 : 0),
};

/** Moments of as many events of a course, the oldest first. */
export function momentsOf(course: Course, events: number, now: number, chance: Chance): number[] {
  const moments: number[] = [];
  // Each try has a chance of a few percent at least.
  for (let tries = 0; moments.length < events && tries < events * 500; tries++) {
    const ago = chance.next() * days * dayMs;
    const at = now - ago;
    if (chance.next() < weights[course](ago) * byHour(at)) moments.push(Math.floor(at));
  }
  return moments.toSorted((a, b) => a - b);
}
