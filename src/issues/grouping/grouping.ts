import type { GroupingVersion } from "../../../drizzle/schema/projects";

export type { GroupingVersion };

export type Variant =
  | "message"
  | "csp"
  | "minified"
  | "app"
  | "system"
  | "exception"
  | "thread"
  | "fallback";

/** What was dropped from a part or replaced in it, and the name of the rule that did it. */
export type RuleNote = { part: string; rule: string };

export type Explanation = {
  algo: GroupingVersion;
  variant: Variant;
  parts: { type?: string; value?: string; frames?: string[] }[];
  override: string | null;
  skipped: { notInApp: number; repeats: number };
  /** Of g2: each rule that took part, once for each text that it changed. */
  rules?: RuleNote[];
};

export type Grouping = {
  primary: string;
  /** Other hashes by which the event finds its issue; empty when a fingerprint is exact. */
  secondary: string[];
  explanation: Explanation;
};

/** All hashes by which an event finds its issue, the primary first. */
export const hashesOf = ({ primary, secondary }: Grouping): string[] => [primary, ...secondary];

/** What the versions say of an event; a project that was never on g1 has no use for its hashes. */
export type Groupings = { g1?: Grouping; g2: Grouping };

/** The primary hash of each version that says something. */
export const primariesOf = ({ g1, g2 }: Groupings): string[] =>
  g1 ? [g1.primary, g2.primary] : [g2.primary];
