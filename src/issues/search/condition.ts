import type { EventFieldName } from "../../protocol/event-fields";
import type { Pattern } from "../../protocol/pattern";

export type Comparison = { sign: ">" | ">=" | "<" | "<=" | "="; value: number | Date };
/** Of an issue that is not done with; for_review: whatever is not ongoing. */
export type OpenSubstatus = "new" | "ongoing" | "regressed" | "escalating" | "for_review";

/** Ids of memberships and of teams. */
export type Assigned = { memberIds: number[]; teamIds: number[] };

/**
 * What an issue must be, or must not be. Every name is an id here: what was not found cannot be written down. A
 * condition without a value is one that nothing meets.
 */
export type Condition = { negated: boolean } & (
  | { on: "all" | "any"; of: Condition[] }
  | { on: "status"; values: string[] }
  | { on: "substatus"; values: OpenSubstatus[]; newSince: Date }
  /** One of these people or teams has the issue, or somebody has. */
  | { on: "assigned"; to: Assigned | "anybody" }
  /** The rules suggest one of these people or teams, or somebody, and nobody has it. */
  | { on: "suggested"; to: Assigned | "anybody" }
  /** One of these members bookmarked it, or follows it. */
  | { on: "marked"; mark: "bookmarked" | "subscribed"; memberIds: number[] }
  | { on: "level"; values: number[] }
  /** 1 low to 3 high. */
  | { on: "priority"; values: number[] }
  | { on: "project"; values: number[] }
  | { on: "issue"; values: number[] }
  | { on: "number"; column: "event_count" | "user_count"; all: Comparison[] }
  | { on: "moment"; column: "first_seen_at" | "last_seen_at"; all: Comparison[] }
  /** Some event was received then, in one of these environments where some are named. */
  | { on: "seen"; from: Date; to: Date; environments: string[] }
  /** Some event has one of these values. */
  | { on: "tag"; key: string; values: Pattern[] }
  /** Some event has this tag as a number that fits. */
  | { on: "measured"; key: string; all: Comparison[] }
  /** Some event has one of these tags. */
  | { on: "tagged"; keys: string[] }
  /** Some event is of one of these people, by the hash of who they are, or by a tag that names them. */
  | { on: "person"; hashes: bigint[]; tags: [key: string, value: string][] }
  | { on: "anyone" }
  | { on: "everything" }
  /** What is said of the issue itself. */
  | {
      on: "column";
      column: "title" | "culprit" | "type" | "platform";
      values: Pattern[];
    }
  /** Some event has it in some text. */
  | { on: "words"; pattern: Pattern }
  /** Some event has one of these values in one of these fields. */
  | { on: "field"; fields: readonly EventFieldName[]; values: Pattern[] }
  /** Some event has one of these fields. */
  | { on: "fielded"; fields: EventFieldName[] }
);

/** Made by resolveFilter only. */
export type IssueFilter = {
  /** All of them must hold. */
  conditions: Condition[];
  /** Nothing but a period, or nothing at all, tells these issues from all others of the organization or the project. */
  isBroad: boolean;
  /** The whole search was the id of an event or the short id of an issue. */
  lookup?: { eventId?: string; found: boolean };
  /** What was read otherwise than it is written, for people to see. */
  notes?: string[];
};

/** Conditions as one; a single one stays as it is. */
export function joined(on: "all" | "any", of: Condition[]): Condition {
  const [only] = of;
  return only && of.length === 1 ? only : { on, of, negated: false };
}

const elsewhere = new Set<Condition["on"]>([
  "seen",
  "tag",
  "tagged",
  "measured",
  "person",
  "anyone",
  "column",
  "words",
  "field",
  "fielded",
  "substatus",
  "assigned",
  "suggested",
  "marked",
  "priority",
]);

/** Whether more than columns of the issue itself are looked at. */
export const looksElsewhere = (conditions: Condition[]): boolean =>
  conditions.some((each) => ("of" in each ? looksElsewhere(each.of) : elsewhere.has(each.on)));
