/** Full hours before the current one that are looked at: two weeks, of which the last one is what an issue is measured by. */
export const hoursLookedAt = 336;
const weekHours = 168;
const dayHours = 24;
const windowHours = 6;
/** Below it nothing is looked at. */
export const eventsMin = 10;

export type Limits = {
  /** Events of an hour from which on it escalates. */
  hour: number;
  /** Events of the current hour from which on it does, by itself or with the five hours before. */
  threshold: number;
  forecast: number;
};

/**
 * When an issue escalates, by its events of each of the full hours before the current one, the newest last, and by how
 * many hours ago it was seen first: where there are several times as many as are to be expected at that hour of the day
 * and of the week, and as there were in the busiest hour or six hours of the last week. In its first day it never does.
 */
export function limitsOf(hours: readonly number[], ageHours: number): Limits {
  const week = hours.slice(-weekHours);
  const total = sum(week);
  const busiest = Math.max(...week);
  if (ageHours < dayHours) return { hour: Infinity, threshold: Infinity, forecast: 0 };
  if (total === 0) return { hour: eventsMin, threshold: eventsMin, forecast: 0 };
  if (ageHours < weekHours) {
    const hour = Math.max(eventsMin, 10 * busiest);
    return { hour, threshold: hour, forecast: total / Math.max(1, ageHours) };
  }
  const mean = total / weekHours;
  const isSteady = week.filter((count) => count > 0).length >= 48;
  const forecast = Math.max(
    mean,
    atThisTime(hours),
    ago(hours, weekHours),
    ago(hours, 2 * weekHours),
  );
  const hour = Math.max(
    eventsMin,
    5 * forecast,
    (isSteady ? 2.5 : 4) * busiest,
    forecast + 6 * Math.sqrt(forecast + 1),
  );
  const six = Math.max(30, 30 * mean, (isSteady ? 2 : 4) * busiestSix(week));
  const soFar = sum(week.slice(1 - windowHours));
  return { hour, threshold: Math.max(eventsMin, Math.min(hour, six - soFar)), forecast };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const ago = (hours: readonly number[], back: number) => hours[hours.length - back] ?? 0;

/** Around the same time of the day, of the last seven days. */
function atThisTime(hours: readonly number[]): number {
  let total = 0;
  for (let day = 1; day <= 7; day++) {
    for (const beside of [-1, 0, 1]) total += ago(hours, day * dayHours + beside);
  }
  return total / (7 * 3);
}

function busiestSix(week: readonly number[]): number {
  let current = sum(week.slice(0, windowHours));
  let most = current;
  for (let index = windowHours; index < week.length; index++) {
    current += (week[index] ?? 0) - (week[index - windowHours] ?? 0);
    most = Math.max(most, current);
  }
  return most;
}
