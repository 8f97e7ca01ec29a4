import { dotnetRules } from "./rules/dotnet";
import type { Family } from "./rules/family";
import { hashedFileRule } from "./rules/file-names";
import { generalRules } from "./rules/general";
import { javascriptRules } from "./rules/javascript";
import { jvmRules } from "./rules/jvm";
import { dropTheFrame, type NameRule, type Place } from "./rules/name-rule";
import { nativeRules } from "./rules/native";
import { otherRules } from "./rules/other";
import { phpRules } from "./rules/php";
import { pythonRules } from "./rules/python";
import { rubyRules } from "./rules/ruby";

/** All rules by platform, in the order in which they are tried; what an earlier one took, a later one cannot see. */
export const nameRules: Record<Family, readonly NameRule[]> = {
  javascript: [...javascriptRules, ...generalRules],
  jvm: [...jvmRules, hashedFileRule, ...generalRules],
  php: [...phpRules, hashedFileRule, ...generalRules],
  python: [...pythonRules, hashedFileRule, ...generalRules],
  ruby: [...rubyRules, hashedFileRule, ...generalRules],
  dotnet: [...dotnetRules, hashedFileRule, ...generalRules],
  native: [...nativeRules, hashedFileRule, ...generalRules],
  other: [...otherRules, hashedFileRule, ...generalRules],
  // Nobody named the language: what cannot be the name of a person in another one.
  unknown: [
    ...dotnetRules,
    ...nativeRules,
    ...otherRules,
    ...pythonRules,
    ...phpRules,
    ...jvmRules,
    hashedFileRule,
    ...generalRules,
  ],
};

export type CleanName = {
  /** Empty when nothing of the name is left. */
  text: string;
  /** The frame is none of the program's. */
  isDropped: boolean;
  /** Names of the rules that changed it. */
  rules: readonly string[];
};

/** Longest name that rules read. */
const nameCharsMax = 1024;
/** Names that an isolate remembers for each family and place: the same frames come again and again. */
const rememberedMax = 2000;

type Cleaner = { rules: readonly NameRule[]; known: Map<string, CleanName> };

const cleanersOf = (family: Family): Record<Place, Cleaner> => {
  const cleanerOf = (place: Place): Cleaner => ({
    rules: nameRules[family].filter((rule) => rule.of.includes(place)),
    known: new Map(),
  });
  return {
    function: cleanerOf("function"),
    module: cleanerOf("module"),
    type: cleanerOf("type"),
    file: cleanerOf("file"),
  };
};

const cleaners: Record<Family, Record<Place, Cleaner>> = {
  javascript: cleanersOf("javascript"),
  jvm: cleanersOf("jvm"),
  php: cleanersOf("php"),
  python: cleanersOf("python"),
  ruby: cleanersOf("ruby"),
  dotnet: cleanersOf("dotnet"),
  native: cleanersOf("native"),
  other: cleanersOf("other"),
  unknown: cleanersOf("unknown"),
};

const dropping = (family: Family): ("function" | "module")[] =>
  (["function", "module"] as const).filter((place) =>
    cleaners[family][place].rules.some(({ to }) => to === dropTheFrame),
  );

/** Which texts of a frame may say that it is none of the program's. */
export const droppingPlaces: Record<Family, readonly ("function" | "module")[]> = {
  javascript: dropping("javascript"),
  jvm: dropping("jvm"),
  php: dropping("php"),
  python: dropping("python"),
  ruby: dropping("ruby"),
  dotnet: dropping("dotnet"),
  native: dropping("native"),
  other: dropping("other"),
  unknown: dropping("unknown"),
};

/** A name without what a runtime or a build made up in it. */
export function cleanName(family: Family, place: Place, text: string): CleanName {
  const { rules, known } = cleaners[family][place];
  const remembered = known.get(text);
  if (remembered) return remembered;
  const clean = applied(rules, text.slice(0, nameCharsMax).toWellFormed());
  if (known.size >= rememberedMax) known.clear();
  known.set(text, clean);
  return clean;
}

function applied(rules: readonly NameRule[], given: string): CleanName {
  let text = given;
  const names: string[] = [];
  for (const { name, has, pattern, to = "" } of rules) {
    if (has !== undefined && !text.includes(has)) continue;
    if (to === dropTheFrame) {
      if (typeof pattern !== "function" && pattern.test(text)) {
        return { text: "", isDropped: true, rules: [name] };
      }
      continue;
    }
    const changed = typeof pattern === "function" ? pattern(text) : text.replace(pattern, to);
    if (changed !== text && !names.includes(name)) names.push(name);
    text = changed;
  }
  return { text, isDropped: false, rules: names };
}
