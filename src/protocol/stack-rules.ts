import { rulesCharsMax, rulesMax } from "./fingerprint-rules";
import {
  type Conditions,
  conditionsOf,
  type FrameField,
  frameFields,
  type Matcher,
  parseMatchers,
} from "./rule-matcher";
import { isFault, type RuleFault, type RuleWord, readRules, ruleWordsOf } from "./rule-text";

/** What is done with the frames that a rule finds. A category is any word, for rules further down. */
export type StackAction =
  /** `above`: those nearer to the crash; `below`: those that called it. Without the frame itself. */
  | { on: "app" | "group"; is: boolean; reach: "itself" | "above" | "below" }
  | { on: "max-frames"; max: number }
  | { on: "category"; category: string };

/** One line: frames that meet all conditions, and whose caller and callee do, are marked. */
export type StackRule = {
  /** As it was written. */
  text: string;
  conditions: Conditions;
  caller?: Matcher<FrameField>[];
  callee?: Matcher<FrameField>[];
  actions: StackAction[];
};

const fields = [...frameFields, "type", "value", "mechanism"] as const;

const actionsMax = 10;
/** As many as are looked at without a rule. */
const framesMax = 40;

/** Reads rules, one a line; all are followed, from the first to the last. Answers with the first fault, if there is one. */
export const parseStackRules = (text: string): StackRule[] | RuleFault =>
  readRules(text, { charsMax: rulesCharsMax, rulesMax }, parseRule);

/** `[ caller ] | conditions | [ callee ] actions`, where both siblings may be missing. */
function parseRule(text: string): StackRule | RuleFault {
  const words = ruleWordsOf(text);
  if (isFault(words)) return words;
  const rest = [...words];
  let caller: Matcher<FrameField>[] | undefined;
  if (rest[0]?.text === "[") {
    const read = readSibling(rest);
    if (isFault(read)) return read;
    caller = read;
    const bar = rest.shift();
    if (bar?.text !== "|") return faultAt(bar, text, "a | stands behind a caller");
  }
  const middle = rest.findIndex(({ text: word }) => word === "|");
  const ownEnd = middle < 0 ? rest.findIndex(isAction) : middle;
  const own = rest.splice(0, ownEnd < 0 ? rest.length : ownEnd);
  const matchers = parseMatchers(own, fields);
  if (isFault(matchers)) return matchers;
  let callee: Matcher<FrameField>[] | undefined;
  if (middle >= 0) {
    rest.shift();
    if (rest[0]?.text !== "[") return faultAt(rest[0], text, "a callee stands in [ and ]");
    const read = readSibling(rest);
    if (isFault(read)) return read;
    callee = read;
  }
  const actions = parseActions(rest, text);
  if (isFault(actions)) return actions;
  return {
    text: text.trim(),
    conditions: conditionsOf(matchers),
    ...(caller && { caller }),
    ...(callee && { callee }),
    actions,
  };
}

const faultAt = (word: RuleWord | undefined, text: string, message: string): RuleFault => ({
  line: 0,
  column: word?.column ?? text.length + 1,
  message,
});

/** Takes `[ conditions ]` from the front. */
function readSibling(rest: RuleWord[]): Matcher<FrameField>[] | RuleFault {
  const [open] = rest;
  const end = rest.findIndex(({ text }) => text === "]");
  if (end < 0) {
    return {
      line: 0,
      column: open?.column ?? 1,
      message: "a [ is not closed, or ] lacks its blank",
    };
  }
  return parseMatchers(rest.splice(0, end + 1).slice(1, -1), frameFields);
}

const flag = /^([\^v]?)([+-])(app|group)$/;
const setting = /^([a-z-]{1,30})=(\S{1,40})$/;
const isAction = ({ text }: RuleWord) => flag.test(text) || setting.test(text);

function parseActions(words: RuleWord[], text: string): StackAction[] | RuleFault {
  if (words.length === 0) {
    return faultAt(undefined, text, "a rule needs an action: +app, -app, +group, -group …");
  }
  if (words.length > actionsMax) {
    return faultAt(words[actionsMax], text, `more than ${actionsMax} actions`);
  }
  const actions: StackAction[] = [];
  for (const word of words) {
    const action = parseAction(word.text);
    if (typeof action === "string") return faultAt(word, text, action);
    actions.push(action);
  }
  return actions;
}

function parseAction(text: string): StackAction | string {
  const [, reach = "", sign, on] = flag.exec(text) ?? [];
  if (on === "app" || on === "group") {
    return {
      on,
      is: sign === "+",
      reach: reach === "^" ? "above" : reach === "v" ? "below" : "itself",
    };
  }
  const [, name, value = ""] = setting.exec(text) ?? [];
  if (name === "category") return { on: "category", category: value };
  if (name !== "max-frames")
    return "an action is +app, -app, +group, -group, max-frames or category";
  const max = /^\d{1,4}$/.test(value) ? Number(value) : undefined;
  if (max === undefined) return "max-frames is a number";
  return { on: "max-frames", max: max === 0 ? framesMax : Math.min(max, framesMax) };
}
