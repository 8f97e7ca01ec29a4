import { selectorOf } from "../protocol/field-selector";
import { filtered } from "./filtered";
import { wordsOf } from "./secret-names";

/** What a project says of fields of its events, beside what is known to be a secret everywhere. */
export type FieldRules = {
  isSensitive: (name: string) => boolean;
  /** Of a place, by the way to it from the event. */
  isSafe: (steps: readonly (string | number)[]) => boolean;
  /** Replaces values that stand behind a sensitive name and a sign. */
  scrubText: (text: string) => string;
};

/** Settings as they are kept: names, and for safe ones also ways to a place. */
export type FieldSettings = { sensitiveFields: readonly string[]; safeFields: readonly string[] };

/** Undefined where a project says nothing. */
export function fieldRulesOf({
  sensitiveFields,
  safeFields,
}: FieldSettings): FieldRules | undefined {
  if (sensitiveFields.length + safeFields.length === 0) return undefined;
  const sensitive = sensitiveFields
    .map((name) => ` ${wordsOf(name).join(" ")} `)
    .filter((words) => words.trim() !== "");
  const safeNames = new Set(safeFields.map((name) => name.toLowerCase()));
  const selectors = safeFields.map(selectorOf).filter((selector) => selector !== undefined);
  const isSafe: FieldRules["isSafe"] = (steps) =>
    safeNames.has(String(steps.at(-1)).toLowerCase()) ||
    selectors.some((selector) => isAt(selector, steps));
  const isNamed = (name: string) => {
    const words = ` ${wordsOf(name).join(" ")} `;
    return sensitive.some((each) => words.includes(each));
  };
  return {
    isSafe,
    isSensitive: (name) =>
      sensitive.length > 0 && !safeNames.has(name.toLowerCase()) && isNamed(name),
    scrubText: sensitive.length === 0 ? (text) => text : (text) => scrubNamed(text, isNamed),
  };
}

/** The place itself: what lies below it is not looked at. */
const isAt = (selector: readonly string[], steps: readonly (string | number)[]): boolean =>
  selector.at(-1) === "**"
    ? steps.length >= selector.length &&
      selector.slice(0, -1).every((part, at) => isStep(part, steps[at]))
    : steps.length === selector.length && selector.every((part, at) => isStep(part, steps[at]));

const isStep = (part: string, step: string | number | undefined) =>
  part === "*" || part === String(step).toLowerCase();

/** A name, a sign, and the value up to a blank or the end of its quotes: `tenant_no=…`, `"tenant_no": "…"`. */
const named =
  /(?<![\w.$-])([\p{L}_$][\w.$-]{0,99})(["']?[^\S\n]{0,4}[:=][^\S\n]{0,4})("[^"\n]{1,2000}|'[^'\n]{1,2000}|[^\s"',;&)\]}]{1,2000})/gu;

const scrubNamed = (text: string, isNamed: (name: string) => boolean): string =>
  text.replace(named, (whole, name: string, sign: string, value: string) => {
    if (!isNamed(name)) return whole;
    const quote = /^["']/.exec(value)?.[0] ?? "";
    return `${name}${sign}${quote}${filtered}`;
  });
