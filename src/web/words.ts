/**
 * Every text that a person reads goes through here, with English as its key: `t("{n} events", { n: 3 })`. Values are
 * put in as text; numbers are written as the reader's language does.
 */
export function t(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w{1,40})\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

/** `plural(3, "event", "events")` is "3 events". */
export const plural = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${rules.select(count) === "one" ? one : many}`;

const rules = new Intl.PluralRules("en");
const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const formatNumber = (value: number): string => whole.format(value);

/** 1 234 567 as "1.2M"; the whole number belongs beside it, in a title. */
export const formatShort = (value: number): string =>
  value < 10_000 ? whole.format(value) : short.format(value);

/** "3 words, and others" of a list: the reader's language joins them. */
export const joinWords = (words: string[]): string => list.format(words);
const list = new Intl.ListFormat("en");
