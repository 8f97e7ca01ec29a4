import { Fault } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { normalizeEventId } from "../protocol/event-id";
import type { Condition } from "./filter-queries";
import { notCounted } from "./plan";
import { aboutPart, type Search, type Term } from "./search";
import { byCount, byMoment } from "./search-comparisons";
import {
  byEvent,
  byHandled,
  byIssue,
  byLevel,
  byPerson,
  byProject,
  byStatus,
  bySystem,
  byText,
  type Known,
} from "./search-fields";
import { parseShortId, type ShortId } from "./short-id";

/** What must be looked up before conditions can be made. */
export type Wants = {
  projects: boolean;
  tagKeys: string[];
  eventIds: string[];
  shortIds: ShortId[];
};

const invalid = (detail: string) => new Fault("invalid", detail);

type Field = (term: Term, known: Known) => Condition;
const allOf: Condition = { on: "everything", negated: false };
/** What `has:` asks for without a tag. */
const presences: Record<string, Condition> = {
  level: allOf,
  user: { on: "anyone", negated: false },
};

/** What is known of an issue without a tag. A tag with the same name is found as `tags[name]`. */
const fields: Record<string, Field> = {
  is: byStatus,
  status: byStatus,
  level: byLevel,
  has: byPresence,
  user: byPerson,
  "user.id": byPerson,
  "user.email": byPerson,
  "user.username": byPerson,
  os: bySystem,
  project: byProject,
  "project.id": byProject,
  issue: byIssue,
  "issue.id": byIssue,
  id: byEvent,
  timesSeen: byCount("event_count"),
  times_seen: byCount("event_count"),
  users: byCount("user_count"),
  userCount: byCount("user_count"),
  user_count: byCount("user_count"),
  firstSeen: byMoment("first_seen_at"),
  first_seen: byMoment("first_seen_at"),
  age: byMoment("first_seen_at"),
  lastSeen: byMoment("last_seen_at"),
  last_seen: byMoment("last_seen_at"),
  message: byText("search_text"),
  title: byText("title"),
  culprit: byText("culprit"),
  "error.handled": byHandled(true),
  "error.unhandled": byHandled(false),
};

/** On the events only, under whichever name. */
const onEventsOnly = new Set([
  ...[...notCounted].filter((key) => !Object.hasOwn(fields, key)),
  "sdk.name",
  "sdk.version",
  "error.mechanism",
  "http.url",
  "os.version",
  "runtime.version",
]);

/** Tags that follow from fields of an event (src/events/tags.ts): to ask for one is never a slip of the pen. */
const ownTags = new Set([
  "release",
  "dist",
  "environment",
  "logger",
  "transaction",
  "server_name",
  "handled",
  "browser",
  "browser.name",
  "os.name",
  "device",
  "device.family",
  "user.id",
  "user.email",
  "user.username",
]);

/** One term → one condition. Faults: invalid, for a key or a value that cannot be answered. */
export const conditionOf = (term: Term, known: Known): Condition =>
  aboutPart(term.part, () => conditionOfTerm(term, known));

function conditionOfTerm(term: Term, known: Known): Condition {
  const field = term.isTag ? undefined : lookUp(fields, term.key);
  if (field) return field(term, known);
  if (!term.isTag) assertAnswerable(term, known);
  return tagsOf(assertTag(term.key, known), term);
}

/** What a search names, before any of it is known. */
export function wantsOf({ terms, eventId, shortId }: Search, mayBeShortId: boolean): Wants {
  const of = (...keys: string[]) =>
    terms.filter(({ key, isTag }) => !isTag && keys.includes(key)).flatMap(({ values }) => values);
  const plain = terms.filter(({ key, isTag }) => isTag || lookUp(fields, key) === undefined);
  const isKeyOfTag = (key: string) =>
    !ownTags.has(key) && !onEventsOnly.has(key) && lookUp(fields, key) === undefined;
  const eventIds = of("id").map(normalizeEventId);
  const shortIds = of("issue").map(parseShortId);
  return {
    projects:
      of("project", "project.id", "user", "user.id", "user.email", "user.username").length > 0,
    tagKeys: [...new Set([...plain.map(({ key }) => key), ...of("has").filter(isKeyOfTag)])].filter(
      (key) => !ownTags.has(key),
    ),
    eventIds: [...eventIds, eventId].filter((id) => id !== undefined),
    shortIds: [...shortIds, mayBeShortId ? shortId : undefined].filter((id) => id !== undefined),
  };
}

function assertTag(key: string, known: Known): string {
  if (onEventsOnly.has(key) || notCounted.has(key)) {
    throw invalid(`${key} is on the events only and cannot be searched`);
  }
  if (!ownTags.has(key) && !known.hasTagKey(key)) {
    throw invalid(
      `Unknown search key ${key}: no event has this tag (quote the text to look for it)`,
    );
  }
  return key;
}

function assertAnswerable({ key, values }: Term, known: Known): void {
  assertTag(key, known);
  if (key === "release" && values.includes("latest")) {
    throw invalid("release:latest is not supported: name the release");
  }
}

/** `key:""` asks for what has none. */
function tagsOf(key: string, { values, negated }: Pick<Term, "values" | "negated">): Condition {
  if (values.some((value) => value === "")) {
    if (values.length > 1) throw invalid(`A list of ${key} has no empty value`);
    return { on: "tagged", keys: [key], negated: !negated };
  }
  return { on: "tag", key, values, negated };
}

/** `has:tag`, also of several of which one is enough. */
function byPresence({ values, negated }: Term, known: Known): Condition {
  const [first = ""] = values;
  const alone = lookUp(presences, first);
  if (alone && values.length === 1) return { ...alone, negated };
  const keys = values.map((name) => {
    const key = /^tags\[(.+)\]$/.exec(name)?.[1] ?? (name === "os" ? "os.name" : name);
    if (key === name && !ownTags.has(key) && lookUp(fields, key)) {
      throw invalid(`has:${key} is not supported here: has takes the name of a tag`);
    }
    return assertTag(key, known);
  });
  return { on: "tagged", keys, negated };
}
