import { hourSeconds, minuteSeconds } from "../protocol/durations";

const charsMax = 100;
const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Seconds since 1970 from a number, a numeric string or ISO 8601; without a zone it is UTC.
 * Numbers too large for seconds are milli-, micro- or nanoseconds. Undefined: not a time.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string" || value.length > charsMax) return undefined;
  const text = value.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const match = isoPattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const valid =
    isDate(Number(year), Number(month), Number(day)) &&
    (Number(hour) < 24 || (Number(hour) === 24 && Number(minute) + Number(second) === 0)) &&
    Number(minute) < 60 &&
    Number(second) <= 60;
  const offset = offsetSeconds(zone);
  if (!valid || offset === undefined || Number.isNaN(ms)) return undefined;
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  return roundMicros(ms / 1000 - offset + micros / 1e6);
}

/** Whether the calendar has it: 30 February is a mistake, not 2 March. */
function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  );
}

export const toIso = (seconds: number) => {
  const micros = Math.round((seconds - Math.floor(seconds)) * 1e6);
  const whole = new Date(Math.floor(seconds) * 1000 + (micros === 1e6 ? 1000 : 0));
  const base = whole.toISOString().slice(0, 19);
  return micros % 1e6 === 0 ? `${base}Z` : `${base}.${String(micros).padStart(6, "0")}Z`;
};

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value > 1e17) return roundMicros(value / 1e9);
  if (value > 1e14) return roundMicros(value / 1e6);
  if (value > 1e11) return roundMicros(value / 1e3);
  return roundMicros(value);
}

const offsetHoursMax = 14;

function offsetSeconds(zone: string | undefined): number | undefined {
  if (!zone || zone.toUpperCase() === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hours > offsetHoursMax || minutes > 59) return undefined;
  return sign * (hours * hourSeconds + minutes * minuteSeconds);
}

const roundMicros = (seconds: number) => Math.round(seconds * 1e6) / 1e6;
