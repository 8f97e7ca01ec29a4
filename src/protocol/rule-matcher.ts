import { matchesGlob, parseGlob, type Steps } from "./glob";
import { matchesPath, parsePathGlob } from "./path-glob";
import { isFault, type RuleFault, type RuleWord } from "./rule-text";

const matchersMax = 10;

/** What of a frame a rule can look at. */
export const frameFields = [
  "path",
  "module",
  "function",
  "package",
  "family",
  "app",
  "category",
] as const;
export type FrameField = (typeof frameFields)[number];

/** What of an event; `tags` with the key of one. */
export const eventFields = [
  "type",
  "value",
  "message",
  "mechanism",
  "level",
  "logger",
  "release",
  "sdk",
  "tags",
] as const;
export type EventField = (typeof eventFields)[number];

/** One condition of a rule: whether a text is as its pattern says. */
export type Matcher<Field = FrameField | EventField> = {
  field: Field;
  /** Of `tags`. */
  tag?: string;
  isNegated: boolean;
  /** Of `path` and `package` a plain path (path-glob.ts). */
  matches: (text: string, steps: Steps) => boolean;
};

const otherNames = new Map<string, FrameField | EventField>([
  ["error.type", "type"],
  ["error.value", "value"],
  ["error.mechanism", "mechanism"],
  ["stack.abs_path", "path"],
  ["stack.filename", "path"],
  ["stack.module", "module"],
  ["stack.function", "function"],
  ["stack.package", "package"],
]);

/** Case tells here: names of code. */
const exactFields = new Set<string>(["type", "module", "function"]);
const pathFields = new Set<string>(["path", "package"]);

/** The conditions of one rule: those on the event, and those that one and the same frame has to meet. */
export type Conditions = { ofEvent: Matcher<EventField>[]; ofFrames: Matcher<FrameField>[] };

const isOfFrames = (matcher: Matcher): matcher is Matcher<FrameField> =>
  frameFields.some((field) => field === matcher.field);
const isOfEvent = (matcher: Matcher): matcher is Matcher<EventField> => !isOfFrames(matcher);

export const conditionsOf = (matchers: readonly Matcher[]): Conditions => ({
  ofEvent: matchers.filter(isOfEvent),
  ofFrames: matchers.filter(isOfFrames),
});

const families = ["javascript", "native", "other"];

/** Reads all words as conditions of one rule. */
export function parseMatchers<Field extends Matcher["field"]>(
  words: readonly RuleWord[],
  known: readonly Field[],
): Matcher<Field>[] | RuleFault {
  const [first] = words;
  if (!first) return { line: 0, column: 1, message: "a rule needs a condition" };
  const excess = words[matchersMax];
  if (excess) {
    return { line: 0, column: excess.column, message: `more than ${matchersMax} conditions` };
  }
  const matchers: Matcher<Field>[] = [];
  for (const word of words) {
    const matcher = parseMatcher(word, known);
    if (isFault(matcher)) return matcher;
    matchers.push(matcher);
  }
  return matchers;
}

/** Reads `[!]name:pattern`, of those fields that the kind of rule knows. */
function parseMatcher<Field extends Matcher["field"]>(
  { text, column }: RuleWord,
  known: readonly Field[],
): Matcher<Field> | RuleFault {
  const fault = (message: string): RuleFault => ({ line: 0, column, message });
  const isNegated = text.startsWith("!");
  const bare = isNegated ? text.slice(1) : text;
  const colon = bare.indexOf(":");
  if (colon < 0) return fault("a condition is written name:pattern");
  const name = bare.slice(0, colon);
  const pattern = bare.slice(colon + 1);
  const tag = name.startsWith("tags.") ? name.slice("tags.".length) : undefined;
  const wanted = tag === undefined ? (otherNames.get(name) ?? name) : "tags";
  const field = known.find((each) => each === wanted);
  if (!field || tag === "" || (field === "tags" && tag === undefined)) {
    return fault(`nothing is called ${short(name)} here`);
  }
  if (pattern === "") return fault(`${short(name)} needs a pattern`);
  const matches = testOf(field, pattern);
  if (typeof matches === "string") return fault(`the pattern ${matches}`);
  return { field, ...(tag !== undefined && { tag }), isNegated, matches };
}

const short = (name: string) => JSON.stringify(name.slice(0, 60).toWellFormed());

function testOf(field: Matcher["field"], pattern: string): Matcher["matches"] | string {
  if (field === "family") return oneOf(pattern.split(","), families);
  if (field === "category") return (text) => pattern.split(",").includes(text);
  if (field === "app") {
    const yes = ["yes", "true", "1"];
    const wanted = yes.includes(pattern.toLowerCase()) ? "yes" : "no";
    if (wanted === "no" && !["no", "false", "0"].includes(pattern.toLowerCase())) {
      return "of app is yes or no";
    }
    return (text) => text === wanted;
  }
  if (pathFields.has(field)) {
    const glob = parsePathGlob(pattern);
    return typeof glob === "string" ? glob : (text, steps) => matchesPath(glob, text, steps);
  }
  const isExact = exactFields.has(field);
  const glob = parseGlob(pattern, isExact ? "exact" : "any");
  if (typeof glob === "string") return glob;
  return (text, steps) => matchesGlob(glob, isExact ? text : text.toLowerCase(), steps);
}

function oneOf(words: string[], known: string[]): Matcher["matches"] | string {
  const isKnown = words.every((word) => known.includes(word));
  return isKnown ? (text) => words.includes(text) : `is one or more of ${known.join(", ")}`;
}
