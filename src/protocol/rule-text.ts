/** What is wrong with a text of rules, and where: lines and columns count from 1. */
export type RuleFault = { line: number; column: number; message: string };

/** A word of a line without its quotes, and the column where it begins. */
export type RuleWord = { text: string; column: number };

/** Lines of rules; empty ones and comments are none. */
export const ruleLinesOf = (text: string): { line: number; text: string }[] =>
  text
    .split("\n")
    .map((each, index) => ({ line: index + 1, text: each.trimEnd() }))
    .filter(({ text: each }) => /^\s*[^#\s]/.test(each));

export const isFault = <T extends object>(result: T | RuleFault): result is RuleFault =>
  "message" in result && "column" in result;

/** Reads rules, one a line. Answers with the first fault, if there is one; `parseRule` leaves its line at 0. */
export function readRules<T extends object>(
  text: string,
  { charsMax, rulesMax }: { charsMax: number; rulesMax: number },
  parseRule: (text: string) => T | RuleFault,
): T[] | RuleFault {
  if (text.length > charsMax) {
    return { line: 1, column: 1, message: `more than ${charsMax} characters` };
  }
  const rules: T[] = [];
  for (const { line, text: written } of ruleLinesOf(text)) {
    const rule = parseRule(written);
    if (isFault(rule)) return { ...rule, line };
    if (rules.push(rule) > rulesMax) {
      return { line, column: 1, message: `more than ${rulesMax} rules` };
    }
  }
  return rules;
}

/** Of a fault, for people. */
export const wordsOfFault = ({ line, column, message }: RuleFault): string =>
  `line ${line}, column ${column}: ${message}`;

/**
 * Words of a line, apart by blanks; within quotes, a blank is part of the word, and `\"` a quote. The end of a quoted text
 * is not the end of a word. Answers with the first quote that is not closed as a fault of line 0.
 */
export function ruleWordsOf(text: string, from = 0): RuleWord[] | RuleFault {
  const words: RuleWord[] = [];
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    if (at >= text.length) return words;
    const column = at + 1;
    let word = "";
    while (at < text.length && !/\s/.test(text.charAt(at))) {
      if (text.charAt(at) !== '"') {
        word += text.charAt(at++);
        continue;
      }
      const quoted = readQuoted(text, at);
      if (!quoted) return { line: 0, column: at + 1, message: 'a " is not closed' };
      word += quoted.text;
      at = quoted.end;
    }
    words.push({ text: word, column });
  }
}

/** The text in the quotes that begin here, and where it goes on behind them. */
export function readQuoted(text: string, at: number): { text: string; end: number } | undefined {
  let quoted = "";
  for (let next = at + 1; next < text.length; next++) {
    const char = text.charAt(next);
    if (char === '"') return { text: quoted, end: next + 1 };
    if (char === "\\" && text.charAt(next + 1) === '"') quoted += text.charAt(++next);
    else quoted += char;
  }
  return undefined;
}
