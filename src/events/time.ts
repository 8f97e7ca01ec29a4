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
    Number(month) <= 12 &&
    Number(day) <= 31 &&
    Number(hour) <= 24 &&
    Number(minute) < 60 &&
    Number(second) <= 60;
  if (!valid || Number.isNaN(ms)) return undefined;
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  return roundMicros(ms / 1000 - offsetSeconds(zone) + micros / 1e6);
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

function offsetSeconds(zone: string | undefined): number {
  if (!zone || zone.toUpperCase() === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
}

const roundMicros = (seconds: number) => Math.round(seconds * 1e6) / 1e6;
