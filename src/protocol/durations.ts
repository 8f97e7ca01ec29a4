/** How long things are, named once; in milliseconds, as the clock of the language counts, and in seconds, as HTTP does. */
export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

export const minuteSeconds = 60;
export const hourSeconds = 60 * minuteSeconds;
export const daySeconds = 24 * hourSeconds;

/** Units of relative times, by the letters that clients write. */
export const unitMs = { s: secondMs, m: minuteMs, h: hourMs, d: dayMs, w: weekMs };

/** The beginning of the hour (UTC) that a moment is in; milliseconds since 1970 like all of these. */
export const hourOf = (ms: number) => ms - (ms % hourMs);

/** The beginning of its day. */
export const dayOf = (ms: number) => ms - (ms % dayMs);

/** 1970-01-05 was a Monday. */
const mondayMs = 4 * dayMs;

/** The Monday with which its weeks begin, of so many that are counted as one. */
export const weekOf = (ms: number, weeks = 1) => ms - ((ms - mondayMs) % (weeks * weekMs));
