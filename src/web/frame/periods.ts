import { dayMs, dayOf } from "../../protocol/durations";
import type { Filters } from "../filters";
import { defaultPeriod } from "../first-requests";
import { plural, t } from "../words";

export const periods = ["1h", "24h", "7d", "14d", "30d", "90d"];

export type TimeRange = Pick<Filters, "statsPeriod" | "start" | "end">;

const units = new Map([
  ["m", ["minute", "minutes"] as const],
  ["h", ["hour", "hours"] as const],
  ["d", ["day", "days"] as const],
  ["w", ["week", "weeks"] as const],
]);

/** A range in words: "Last 14 days", "1 Jan 14:00 to 2 Jan". */
export function periodWords({ statsPeriod, start, end }: TimeRange): string {
  if (start || end) {
    const words = (text: string | undefined) =>
      text ? text.replace("T", " ").replace(/(:\d\d)?(\.\d+)?Z$/, "") : "…";
    return t("{start} to {end}", { start: words(start), end: words(end) });
  }
  const [, count = "", unit = ""] = /^(\d{1,5})([mhdw])$/.exec(statsPeriod ?? defaultPeriod) ?? [];
  const names = units.get(unit);
  return names
    ? t("Last {span}", { span: plural(Number(count), names[0], names[1]) })
    : t("Any time");
}

const charsMax = 200;

/**
 * What somebody typed as a range: `15m`, `7d`, `yesterday`, `today`, `2026-01-31 14:00 to 15:00`, ISO and Unix times,
 * read as UTC where no zone is named. Undefined for what is none.
 */
export function parseRange(text: string, now: number): TimeRange | undefined {
  const typed = text.slice(0, charsMax).trim().toLowerCase().replace(/\s/g, " ");
  if (/^\d{1,5}[mhdw]$/.test(typed))
    return { statsPeriod: typed, start: undefined, end: undefined };
  const midnight = dayOf(now);
  if (typed === "today") return range(midnight, now);
  if (typed === "yesterday") return range(midnight - dayMs, midnight);
  const [from, to] = typed.split(/ to | ?(?:–|\.\.) ?/, 2);
  const start = momentOf(from ?? "");
  if (start === undefined) return undefined;
  if (to === undefined || to === "now" || to === "") return range(start, now);
  const end = /^\d\d:\d\d(:\d\d)?$/.test(to)
    ? momentOf(`${iso(start).slice(0, 10)} ${to}`)
    : momentOf(to);
  return end === undefined || end <= start ? undefined : range(start, end);
}

const iso = (at: number) => new Date(at).toISOString();
const range = (start: number, end: number): TimeRange => ({
  statsPeriod: undefined,
  start: iso(start),
  end: iso(end),
});

function momentOf(text: string): number | undefined {
  if (/^\d{9,10}(\.\d{1,6})?$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[t ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)?\s?(z|[+-]\d\d:?\d\d)?$/.exec(
      text,
    );
  if (!parts) return undefined;
  const [, day = "", time = "00:00", seconds = ":00", zone = "z"] = parts;
  const at = Date.parse(`${day}T${time}${seconds}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}
