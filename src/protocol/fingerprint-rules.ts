import { type Conditions, conditionsOf, eventFields, parseMatchers } from "./rule-matcher";
import { isFault, type RuleFault, readQuoted, readRules, ruleWordsOf } from "./rule-text";

/** One line: events that meet all conditions are grouped by these values. */
export type FingerprintRule = {
  /** As it was written. */
  text: string;
  conditions: Conditions;
  /** Texts and variables as `{{ type }}`. */
  values: string[];
  title?: string;
};

/** Of one project; each event may be compared with all of them. */
export const rulesMax = 200;
export const rulesCharsMax = 10_000;
const valuesMax = 10;
const valueCharsMax = 200;
const titleCharsMax = 255;

/** `family` and `app` are of frames. */
const fields = [
  ...eventFields.filter((field) => field !== "mechanism"),
  "path",
  "module",
  "function",
  "package",
  "family",
  "app",
] as const;

export const variable = /^\{\{\s{0,20}([\w.-]{1,200})\s{0,20}\}\}$/;
/** Variables but for `tags.<key>`, with their long and their short names. */
export const variableNames: ReadonlySet<string> = new Set([
  "default",
  "transaction",
  "message",
  "logger",
  "level",
  "error.type",
  "error.value",
  "type",
  "value",
  ...["function", "abs_path", "filename", "module", "package"].map((name) => `stack.${name}`),
  "function",
  "path",
  "module",
  "package",
]);

/** Reads rules, one a line; the first one that an event meets decides. Answers with the first fault, if there is one. */
export const parseFingerprintRules = (text: string): FingerprintRule[] | RuleFault =>
  readRules(text, { charsMax: rulesCharsMax, rulesMax }, parseRule);

function parseRule(text: string): FingerprintRule | RuleFault {
  const arrow = arrowOf(text);
  if (arrow === undefined) {
    return { line: 0, column: text.length + 1, message: "conditions -> values: the -> is missing" };
  }
  const words = ruleWordsOf(text.slice(0, arrow));
  if (isFault(words)) return words;
  const matchers = parseMatchers(words, fields);
  if (isFault(matchers)) return matchers;
  const outcome = parseOutcome(text, arrow + 2);
  return isFault(outcome)
    ? outcome
    : { text: text.trim(), conditions: conditionsOf(matchers), ...outcome };
}

/** Where the first `->` outside of quotes stands. */
function arrowOf(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("->", at)) return at;
    if (text.charAt(at) === '"') at = (readQuoted(text, at)?.end ?? text.length) - 1;
  }
  return undefined;
}

type Outcome = Pick<FingerprintRule, "values" | "title">;

/** Values apart by commas, then perhaps `title="…"`. */
function parseOutcome(text: string, from: number): Outcome | RuleFault {
  const outcome: Outcome = { values: [] };
  let at = from;
  const fault = (message: string): RuleFault => ({ line: 0, column: at + 1, message });
  const skipBlanks = () => {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
  };
  for (;;) {
    skipBlanks();
    if (at >= text.length) {
      return outcome.values.length === 0 ? fault("a rule needs a value behind ->") : outcome;
    }
    const isTitle = text.startsWith("title=", at);
    const value = readValue(text, isTitle ? at + "title=".length : at);
    if (typeof value === "string") return fault(value);
    const wrong = isTitle ? wrongWithTitle(value.text) : wrongWithValue(value.text);
    if (wrong) return fault(wrong);
    if (isTitle) outcome.title = value.text;
    else if (outcome.values.push(value.text) > valuesMax) {
      return fault(`more than ${valuesMax} values`);
    }
    at = value.end;
    skipBlanks();
    if (isTitle && at < text.length) return fault("the title is the last thing of a rule");
    if (text.charAt(at) === ",") at++;
    else if (at < text.length && !text.startsWith("title=", at)) {
      return fault("values are apart by commas; a value with blanks stands in quotes");
    }
  }
}

function readValue(text: string, at: number): { text: string; end: number } | string {
  if (text.charAt(at) === '"') return readQuoted(text, at) ?? 'a " is not closed';
  if (text.startsWith("{{", at)) {
    const close = text.indexOf("}}", at);
    if (close < 0) return "a {{ is not closed";
    return { text: text.slice(at, close + 2), end: close + 2 };
  }
  let end = at;
  while (end < text.length && !/[\s,]/.test(text.charAt(end))) end++;
  return { text: text.slice(at, end), end };
}

function wrongWithValue(value: string): string | undefined {
  if (value === "") return "a value is missing";
  if (value.length > valueCharsMax) return `a value has more than ${valueCharsMax} characters`;
  const name = variable.exec(value)?.[1];
  return name === undefined ? undefined : wrongWithVariable(name);
}

const wrongWithVariable = (name: string): string | undefined =>
  variableNames.has(name) || (name.startsWith("tags.") && name.length > "tags.".length)
    ? undefined
    : `there is no variable ${JSON.stringify(name)}`;

function wrongWithTitle(title: string): string | undefined {
  if (title === "") return "the title is missing";
  if (title.length > titleCharsMax) return `a title has more than ${titleCharsMax} characters`;
  for (const [, name = ""] of title.matchAll(variables)) {
    const wrong = wrongWithVariable(name);
    if (wrong) return wrong;
  }
  return undefined;
}

/** Variables within a title. */
export const variables = /\{\{\s{0,20}([\w.-]{1,200})\s{0,20}\}\}/g;
