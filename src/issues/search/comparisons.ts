import { lookUp } from "../../protocol/dictionary";
import { dayMs, unitMs } from "../../protocol/durations";
import { written } from "../../protocol/pattern";
import type { Comparison, Condition } from "./condition";
import type { Known } from "./fields";
import { invalid, type Term } from "./tree";

const countMax = 1_000_000_000;

const factors = { k: 1e3, m: 1e6 };

/** `>250`, `<=1.5`, `-3` of a tag that holds numbers. */
export function comparisonOf(term: Term): Comparison {
  const text = only(term);
  const [, sign, number] = /^(>=|<=|>|<|=|)(-?\d{1,14}(?:\.\d{1,9})?)$/.exec(text) ?? [];
  if (number === undefined) throw invalid(`${term.key}:${text} is no number: >250, for example`);
  return { sign: signOf(sign), value: Number(number) };
}

/** Whether a text is a number that fits. */
export function fitsComparison({ sign, value }: Comparison, text: string): boolean {
  if (!/^-?\d{1,14}(?:\.\d{1,9})?$/.test(text)) return false;
  const [number, bound] = [Number(text), Number(value)];
  if (sign === "=") return number === bound;
  if (sign === ">") return number > bound;
  if (sign === "<") return number < bound;
  return sign === ">=" ? number >= bound : number <= bound;
}

/** `timesSeen:>100`, `users:<=1.5k`, `timesSeen:3`. */
export const byCount =
  (column: "event_count" | "user_count") =>
  (term: Term): Condition => {
    const text = only(term);
    const [, sign, number, factor = ""] =
      /^(>=|<=|>|<|=|)(\d{1,10}(?:\.\d{1,3})?)([km]?)$/i.exec(text) ?? [];
    const value = Number(number) * (lookUp(factors, factor.toLowerCase()) ?? 1);
    if (number === undefined || value > countMax) {
      throw invalid(`${term.key}:${text} is no number: >100, <=5 or 1k, for example`);
    }
    const all = [{ sign: signOf(sign), value: Math.round(value) }];
    return { on: "number", column, all, negated: false };
  };

/** `lastSeen:-24h` (since then), `+24h` (before then), `>2026-11-01`, `2026-11-01T12:00:00Z`, `2026-11-01` (that day). */
export const byMoment =
  (column: "first_seen_at" | "last_seen_at") =>
  (term: Term, { now }: Known): Condition => {
    const text = only(term);
    const all = comparisonsOf(text, now);
    if (!all) {
      const signed = /^\d{1,5}[smhdw]$/.test(text)
        ? `-${text} (since then) or +${text} (before)`
        : "-24h, +7d or >2026-11-01, for example";
      throw invalid(`${term.key}:${text} is no time: ${signed}`);
    }
    return { on: "moment", column, all, negated: false };
  };

function only({ key, values, isList }: Term): string {
  const [value = [""]] = values;
  if (isList) throw invalid(`${key} takes one value and no list`);
  return written(value);
}

function comparisonsOf(text: string, now: Date): Comparison[] | undefined {
  const [, direction, count, unit = ""] = /^([+-])(\d{1,5})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    const value = new Date(+now - Number(count) * (lookUp(unitMs, unit) ?? 0));
    return [{ sign: direction === "-" ? ">=" : "<=", value }];
  }
  const [, given, day = "", time] =
    /^(>=|<=|>|<|=|)(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d|))?$/i.exec(
      text,
    ) ?? [];
  const start = new Date(`${day}T00:00:00Z`);
  // February has no 30th day, also where a lenient reader would say 2 March.
  if (Number.isNaN(+start) || !start.toISOString().startsWith(day)) return undefined;
  const sign = signOf(given);
  if (time === undefined) return comparisonsOfDay(sign, start);
  const value = new Date(day + time + (/(Z|[+-]\d\d:\d\d)$/i.test(time) ? "" : "Z"));
  return Number.isNaN(+value) ? undefined : [{ sign, value }];
}

function comparisonsOfDay(sign: Comparison["sign"], start: Date): Comparison[] {
  const end = new Date(+start + dayMs);
  // A day is later than another one when it begins after its end.
  if (sign === ">") return [{ sign: ">=", value: end }];
  if (sign === "<=") return [{ sign: "<", value: end }];
  if (sign !== "=") return [{ sign, value: start }];
  return [
    { sign: ">=", value: start },
    { sign: "<", value: end },
  ];
}

const signs = { ">": ">", ">=": ">=", "<": "<", "<=": "<=" } as const;
const signOf = (text = ""): Comparison["sign"] => lookUp(signs, text) ?? "=";
