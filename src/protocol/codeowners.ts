import { faultOfRule } from "./ownership-rules";
import type { RuleFault } from "./rule-text";

export const codeownersCharsMax = 200_000;
const linesMax = 5000;
/** Of what is said about names and lines; a file with more is hardly one of these. */
const reportedMax = 500;
const linesOfName = 20;

/** What a file of code owners comes to. Lines count from 1. */
export type Converted = {
  /** Rules of ownership in the order of the file, so that the last one that is met decides, as there. */
  rules: string[];
  /** Names that are nobody here, and where they stand. */
  unmapped: { name: string; lines: number[] }[];
  /** Lines that became no rule. */
  skipped: { line: number; reason: string }[];
};

type Line = { line: number; pattern: string; names: string[] };

/** Lines of a file of code owners. Answers with a fault where there are too many. */
export function parseCodeowners(text: string): Line[] | RuleFault {
  const written = text.split("\n", linesMax + 1);
  if (written.length > linesMax) {
    return { line: linesMax + 1, column: 1, message: `more than ${linesMax} lines` };
  }
  return written.flatMap((each, index) => {
    const [pattern, ...others] = wordsOf(each);
    if (pattern === undefined || pattern.startsWith("#")) return [];
    const comment = others.findIndex((word) => word.startsWith("#"));
    const names = comment < 0 ? others : others.slice(0, comment);
    return [{ line: index + 1, pattern, names: [...new Set(names)] }];
  });
}

/** Words of a line, apart by blanks; a blank behind `` is part of a word. */
const wordsOf = (line: string): string[] => line.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];

/**
 * Makes rules of ownership of a file of code owners. `ownerOf` says who a name is here, as rules write it. `root` is where the
 * repository lies in paths of frames, empty: they begin with its folders. Answers with a fault where there is too much to
 * say.
 */
export function convertCodeowners(
  lines: Line[],
  ownerOf: (name: string) => string | undefined,
  root: string,
): Converted | RuleFault {
  const rules: string[] = [];
  const unmapped = new Map<string, number[]>();
  const skipped: Converted["skipped"] = [];
  for (const { line, pattern, names } of lines) {
    for (const name of names.filter((each) => ownerOf(each) === undefined)) {
      const known = unmapped.get(name) ?? [];
      if (known.length < linesOfName) unmapped.set(name, [...known, line]);
    }
    const owners = names.flatMap((name) => ownerOf(name) ?? []);
    const rule = ruleOf(pattern, owners, names.length, root);
    if ("reason" in rule) skipped.push({ line, ...rule });
    else rules.push(rule.text);
    if (unmapped.size > reportedMax || skipped.length > reportedMax) {
      return {
        line,
        column: 1,
        message: `more than ${reportedMax} lines or names mean nothing here`,
      };
    }
  }
  return { rules, unmapped: [...unmapped].map(([name, at]) => ({ name, lines: at })), skipped };
}

type Rule = { text: string } | { reason: string };

function ruleOf(pattern: string, owners: string[], named: number, root: string): Rule {
  if (pattern.startsWith("!")) return { reason: "patterns with ! are not known" };
  if (/^\^?\[/.test(pattern)) return { reason: "sections are not known" };
  if (pattern.includes("[")) return { reason: "a pattern with [ is not known" };
  if (named === 0) return { reason: "it names nobody, and rules do" };
  if (owners.length === 0) return { reason: "nobody whom it names is here" };
  const glob = globOf(pattern, root);
  if (glob === undefined) return { reason: "its pattern is empty" };
  const written = /[\s"]/.test(glob) ? `"${glob.replaceAll('"', '\\"')}"` : glob;
  const text = `path:${written} ${[...new Set(owners)].join(" ")}`;
  const fault = faultOfRule(text);
  return fault === undefined ? { text } : { reason: fault };
}

/** A pattern as in a file of what to ignore: from the root, where it has a slash before its end; a folder with all in it. */
function globOf(pattern: string, root: string): string | undefined {
  const plain = pattern.replace(/\\(.)/g, (_, char: string) =>
    special.has(char) ? `\\${char}` : char,
  );
  const body = plain.replace(/^\//, "").replace(/\/$/, "");
  if (body === "") return undefined;
  const path = body.replace(/(?<!\\)[{},]/g, "\\$&");
  const isAnchored = plain.startsWith("/") || body.includes("/");
  const last = path.slice(path.lastIndexOf("/") + 1);
  const below = `${path}/**`;
  const forms = plain.endsWith("/") ? [below] : last.includes("*") ? [path] : [path, below];
  const starts = isAnchored ? (root === "" ? [""] : ["", escaped(root)]) : ["**/"];
  const all = starts.flatMap((start) => forms.map((form) => start + form));
  return all.length === 1 ? all[0] : `{${all.join(",")}}`;
}

const special = new Set("*?[]{},\\");
const escaped = (text: string) => text.replace(/[*?[\]{},\\]/g, "\\$&");
