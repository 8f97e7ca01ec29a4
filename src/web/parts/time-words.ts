import { dayMs, hourMs, minuteMs } from "../../protocol/durations";
import type { Preferences } from "../preferences";
import { t } from "../words";

type Clock = Pick<Preferences, "timeZone" | "hour12">;

/** How long ago, or in how long: "now", "3 min ago", "in 2 h". `isShort` is "3m". */
export function relativeTime(at: number, now: number, isShort: boolean): string {
  const ago = now - at;
  const span = spanWords(Math.abs(ago), isShort);
  if (Math.abs(ago) < 10_000) return t("now");
  if (isShort) return span;
  return ago > 0 ? t("{span} ago", { span }) : t("in {span}", { span });
}

/** A length of time in its largest unit: "42 s", "3 min", "5 h", "12 d", "4 mo", "2 y". */
export function spanWords(ms: number, isShort = false): string {
  const [value, unit, letter] =
    ms < minuteMs
      ? [ms / 1000, t("s"), "s"]
      : ms < hourMs
        ? [ms / minuteMs, t("min"), "m"]
        : ms < dayMs
          ? [ms / hourMs, t("h"), "h"]
          : ms < 60 * dayMs
            ? [ms / dayMs, t("d"), "d"]
            : ms < 730 * dayMs
              ? [ms / (30.44 * dayMs), t("mo"), "mo"]
              : [ms / (365.25 * dayMs), t("y"), "y"];
  const count = Math.floor(value);
  return isShort ? `${count}${letter}` : `${count} ${unit}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(
  options: Intl.DateTimeFormatOptions,
  { timeZone, hour12 }: Clock,
): Intl.DateTimeFormat {
  const key = JSON.stringify([options, timeZone, hour12]);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    ...options,
    ...(timeZone && { timeZone }),
    ...(hour12 !== null && options.hour !== undefined && { hour12 }),
  });
  formats.set(key, made);
  return made;
}

/** "12 Jan 14:03", with the year where it is another. */
export function shortMoment(date: Date, clock: Clock, now: number): string {
  const isThisYear = date.getUTCFullYear() === new Date(now).getUTCFullYear();
  const day = format(
    { day: "numeric", month: "short", ...(!isThisYear && { year: "numeric" }) },
    clock,
  );
  const time = format({ hour: "2-digit", minute: "2-digit" }, clock);
  return `${day.format(date)} ${time.format(date)}`;
}

/** "14:03:22.104" */
export const clockTime = (date: Date, clock: Clock): string =>
  format(
    { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
    clock,
  ).format(date);

/** All of it, for whoever points at a time: local, UTC, Unix. */
export function describeMoment(date: Date, clock: Clock): string {
  const local = format({ dateStyle: "full", timeStyle: "long" }, clock).format(date);
  return `${local}\n${date.toISOString()}\nUnix ${Math.floor(+date / 1000)}`;
}
