import { globCharsMax, matchesGlob, parseGlob, type Steps } from "./glob";
import { matchesPath, parsePathGlob, plainPath } from "./path-glob";
import { isFault, type RuleFault, type RuleWord, readRules, ruleWordsOf } from "./rule-text";

/** Of one project; the first event of each issue may be compared with all of them. */
const rulesMax = 500;
export const ownershipCharsMax = 50_000;
const ownersMax = 10;
const ownerCharsMax = 320;

export type OwnedBy = "path" | "module" | "url" | "tags";

/** One line: who looks after what is so. */
export type OwnershipRule = {
  /** As it was written. */
  text: string;
  by: OwnedBy;
  /** Of `tags`. */
  tag?: string;
  matches: (text: string, steps: Steps) => boolean;
  /** `#team` or an address, in lower case; whoever stands first gets an issue. */
  owners: string[];
};

/**
 * Reads `type:pattern owner …`, a rule a line; the last one that an event meets decides. Answers with the first fault, if
 * there is one.
 */
export const parseOwnershipRules = (text: string): OwnershipRule[] | RuleFault =>
  readRules(text, { charsMax: ownershipCharsMax, rulesMax }, parseRule);

/** What is wrong with one rule; undefined: nothing. */
export function faultOfRule(text: string): string | undefined {
  const rule = parseRule(text);
  return isFault(rule) ? rule.message : undefined;
}

function parseRule(text: string): OwnershipRule | RuleFault {
  const words = ruleWordsOf(text);
  if (isFault(words)) return words;
  const [first, ...named] = words;
  if (!first) return { line: 0, column: 1, message: "a rule needs a pattern" };
  const fault = (message: string, at = first): RuleFault => ({
    line: 0,
    column: at.column,
    message,
  });
  const colon = first.text.indexOf(":");
  const name = first.text.slice(0, Math.max(0, colon));
  const pattern = first.text.slice(colon + 1);
  const tag = name.startsWith("tags.") ? name.slice("tags.".length) : undefined;
  const by = kinds.find((kind) => kind === (tag ? "tags" : name));
  if (colon < 0 || !by || (by === "tags" && !tag)) {
    return fault("a rule begins with path:, module:, url: or tags.name:");
  }
  if (pattern === "") return fault(`${name} needs a pattern`);
  const matches = testOf(by, pattern);
  if (typeof matches === "string") return fault(`the pattern ${matches}`);
  const stranger = named.find((word) => !isOwner(word));
  if (stranger) return fault("an owner is #team or an address", stranger);
  if (named.length === 0) return fault("a rule names somebody behind its pattern");
  const excess = named[ownersMax];
  if (excess) return fault(`more than ${ownersMax} owners`, excess);
  const owners = named.map((word) => word.text.toLowerCase());
  return { text, by, ...(tag !== undefined && { tag }), matches, owners };
}

const kinds = ["path", "module", "url", "tags"] as const;

const isOwner = ({ text }: RuleWord) =>
  text.length <= ownerCharsMax && (/^#[\w-]+$/.test(text) || /^[^\s@#]+@[^\s@]+$/.test(text));

function testOf(by: OwnedBy, pattern: string): OwnershipRule["matches"] | string {
  if (by !== "path") {
    const glob = parseGlob(pattern);
    return typeof glob === "string"
      ? glob
      : (text, steps) => matchesGlob(glob, text.toLowerCase(), steps);
  }
  if (/[*?[{]/.test(pattern)) {
    const glob = parsePathGlob(pattern);
    return typeof glob === "string" ? glob : (text, steps) => matchesPath(glob, text, steps);
  }
  if (pattern.length > globCharsMax) return `is longer than ${globCharsMax} characters`;
  // A folder or a file, wherever it lies: whole names, so that `views` is not in `views2`.
  const names = `/${plainPath(pattern).replace(/^\/|\/$/g, "")}/`;
  return (text, steps) => {
    steps.left -= text.length;
    return steps.left >= 0 && `/${text}/`.includes(names);
  };
}
