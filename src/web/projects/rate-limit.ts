import { plural, t } from "../words";

type RateLimit = { window: number; count: number } | null;

/** The windows that people choose from, in seconds. */
export const windows = [
  { value: "60", label: "minute", each: "{events} a minute" },
  { value: "3600", label: "hour", each: "{events} an hour" },
  { value: "86400", label: "day", each: "{events} a day" },
];

/** A limit as it is kept → as it is said. Both of zero are no limit. */
export function limitWords(limit: RateLimit): string {
  if (!limit || (limit.window === 0 && limit.count === 0)) return t("Default limit");
  const events = plural(limit.count, "event", "events");
  const known = windows.find(({ value }) => Number(value) === limit.window);
  return known
    ? t(known.each, { events })
    : t("{events} in {seconds}", {
        events,
        seconds: plural(limit.window, "second", "seconds"),
      });
}

/** What was typed → a limit; an empty number is none. */
export function limitOf(count: string, window: string): RateLimit {
  if (count.trim() === "") return null;
  return { count: Number(count), window: Number(window) };
}
