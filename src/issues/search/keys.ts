import { lookUp } from "../../protocol/dictionary";
import { type EventFieldName, messageFields } from "../../protocol/event-fields";
import { normalizeEventId } from "../../protocol/event-id";
import { type Pattern, written } from "../../protocol/pattern";
import {
  ownTags,
  type SearchKeyName,
  searchKeyOf,
  unansweredKeys,
} from "../../protocol/search-keys";
import { parseShortId, type ShortId } from "../short-id";
import { byCount, byMoment, comparisonOf } from "./comparisons";
import { type Condition, joined } from "./condition";
import { eachTextOf } from "./event-fields";
import {
  assertAlone,
  bareTag,
  byAssignee,
  byEvent,
  byHandled,
  byIssue,
  byLevel,
  byMark,
  byOwner,
  byPerson,
  byPriority,
  byProject,
  byStatus,
  type Known,
} from "./fields";
import type { Search } from "./parse";
import { aboutPart, invalid, leavesOf, type Node, type Term, type Words } from "./tree";

/** What must be looked up before conditions can be made. */
export type Wants = {
  projects: boolean;
  tagKeys: string[];
  eventIds: string[];
  shortIds: ShortId[];
  assignees: string[];
  /** Whether the latest releases are asked for. */
  latest: boolean;
};

type Compile = (term: Term, known: Known) => Condition;

/** How each key is answered. A tag with the same name is found as `tags[name]`, and beside it where it is a text. */
const answers: Record<SearchKeyName, Compile> = {
  is: byStatus,
  assigned: byAssignee,
  assigned_or_suggested: byOwner,
  bookmarks: byMark("bookmarked"),
  subscribed: byMark("subscribed"),
  level: byLevel,
  "issue.priority": byPriority,
  firstSeen: byMoment("first_seen_at"),
  lastSeen: byMoment("last_seen_at"),
  timesSeen: byCount("event_count"),
  users: byCount("user_count"),
  has: byPresence,
  project: byProject,
  issue: byIssue,
  id: byEvent,
  user: byPerson,
  "user.id": byPerson,
  "user.email": byPerson,
  "user.username": byPerson,
  "user.ip": byPerson,
  message: byMessage,
  title: byColumn("title"),
  culprit: byColumn("culprit"),
  type: byColumn("type"),
  platform: byColumn("platform"),
  "error.type": byField("error.type"),
  "error.value": byField("error.value"),
  "error.mechanism": byField("error.mechanism"),
  "error.handled": byHandled(true),
  "error.unhandled": byHandled(false),
  "stack.function": byField("stack.function"),
  "stack.filename": byField("stack.filename"),
  "stack.abs_path": byField("stack.abs_path"),
  "stack.module": byField("stack.module"),
  "stack.package": byField("stack.package"),
  url: byField("url"),
  "http.method": byField("http.method"),
  sdk: byField("sdk"),
  "sdk.version": byField("sdk.version"),
  os: byField("os"),
  "os.version": byField("os.version"),
  runtime: byField("runtime"),
  "runtime.name": byField("runtime.name"),
  "runtime.version": byField("runtime.version"),
  trace: byField("trace"),
};

/** How a search is meant: a list may take an unknown key as text, what changes something may not. */
export type Meaning = {
  isStrict: boolean;
  /** Notes what was read otherwise than it is written. */
  note(text: string): void;
};

/** A search → one condition. Faults: invalid, for a key or a value that cannot be answered. */
export const conditionOf = (
  node: Node,
  known: Known,
  meaning: Meaning,
  negated = false,
): Condition => {
  switch (node.on) {
    case "all":
    case "any": {
      const of = node.of.map((each) => conditionOf(each, known, meaning, negated));
      // Not all is any of them not.
      return { on: (node.on === "all") === negated ? "any" : "all", of, negated: false };
    }
    case "not":
      return conditionOf(node.of, known, meaning, !negated);
    case "words":
      return not(byWords(node, known), negated);
    case "term":
      return aboutPart(node.part, () => not(byTerm(node, known, meaning, negated), negated));
  }
};

const not = (condition: Condition, negated: boolean): Condition =>
  negated ? { ...condition, negated: !condition.negated } : condition;

function byTerm(term: Term, known: Known, meaning: Meaning, negated: boolean): Condition {
  const { key, isTag, values, part } = term;
  const name = isTag ? undefined : searchKeyOf(key)?.name;
  if (name)
    return answers[name](name === key ? term : { ...term, key: termKeyOf(key, name) }, known);
  if (isTag || isKnownTag(key, known)) {
    if (isTag) assertTag(key, known);
    if (term.isNumber) return { on: "measured", key, all: [comparisonOf(term)], negated: false };
    return key === "release" && values.some(isLatest)
      ? byRelease(values, known)
      : tagsOf(key, values);
  }
  if (unansweredKeys.has(key)) throw invalid(`${key} is not supported yet`);
  if (meaning.isStrict || negated) {
    throw unknownKey(key);
  }
  meaning.note(`${part.position}-${part.position + part.length} unknown key, searched as text`);
  return { on: "words", pattern: asText(term), negated: false };
}

const isLatest = (value: Pattern) => written(value) === "latest";

/** `latest` is another one in each project. */
function byRelease(values: Pattern[], { latestReleases }: Known): Condition {
  const others = values.filter((value) => !isLatest(value));
  return joined("any", [
    ...(others.length > 0 ? [tagsOf("release", others)] : []),
    ...latestReleases.map(({ projectId, version }): Condition => {
      const of: Condition[] = [
        { on: "project", values: [projectId], negated: false },
        { on: "tag", key: "release", values: [[version]], negated: false },
      ];
      return { on: "all", of, negated: false };
    }),
  ]);
}

/** Refusals speak of a key as it was written; only what decides by the name must know which it is. */
const termKeyOf = (key: string, name: SearchKeyName) => (name.startsWith("user") ? name : key);

/** As it stands in the search, but for quotes. */
function asText({ key, values, isList }: Term): Pattern {
  if (isList) return [`${key}:[${values.map(written).join(",")}]`];
  const [[first = "", ...rest] = [""]] = values;
  return [`${key}:${first}`, ...rest];
}

/** A word that is an event id finds the issue of that event; in texts it may be anything else too. */
function byWords({ pattern }: Words, known: Known): Condition {
  const words: Condition = { on: "words", pattern, negated: false };
  const id = normalizeEventId(written(pattern));
  const found = id ? known.issuesOfEvent(id) : [];
  if (found.length === 0) return words;
  return { on: "any", of: [{ on: "issue", values: found, negated: false }, words], negated: false };
}

/** What a search names, before any of it is known. */
export function wantsOf({ root, eventId, shortId }: Search, mayBeShortId: boolean): Wants {
  const leaves = root ? leavesOf(root) : [];
  const terms = leaves.filter((leaf) => leaf.on === "term");
  const of = (...names: SearchKeyName[]) =>
    terms
      .filter(({ key, isTag }) => !isTag && names.some((name) => name === searchKeyOf(key)?.name))
      .flatMap(({ values }) => values.map(written));
  const words = leaves.filter((leaf) => leaf.on === "words").map(({ pattern }) => written(pattern));
  // A text is also the tag of its name: somebody's own word for it.
  const isText = (key: string) => eachTextOf(searchKeyOf(key)?.name ?? "") !== undefined;
  const tags = terms
    .filter(({ key, isTag }) => isTag || isText(key) || !searchKeyOf(key))
    .map(({ key }) => key);
  const present = of("has")
    .filter((key) => !searchKeyOf(key))
    .map(bareTag);
  const eventIds = [...of("id"), ...words].map(normalizeEventId);
  const shortIds = [...of("issue")].map(parseShortId);
  return {
    projects: of("project", "user", "user.id", "user.email", "user.username", "user.ip").length > 0,
    tagKeys: [...new Set([...tags, ...present])].filter((key) => !ownTags.has(key)),
    eventIds: [...eventIds, eventId].filter((id) => id !== undefined),
    latest: terms.some(({ key, values }) => key === "release" && values.some(isLatest)),
    assignees: of("assigned", "assigned_or_suggested", "bookmarks", "subscribed").map((word) =>
      word.toLowerCase(),
    ),
    shortIds: [...shortIds, mayBeShortId ? shortId : undefined].filter((id) => id !== undefined),
  };
}

function assertTag(key: string, known: Known): string {
  if (!isKnownTag(key, known)) throw unknownKey(key);
  return key;
}

const isKnownTag = (key: string, known: Known) => ownTags.has(key) || known.hasTagKey(key);

const unknownKey = (key: string) =>
  invalid(`Unknown search key ${key}: no event has this tag (quote the text to look for it)`);

/** `key:""` asks for what has none. */
function tagsOf(key: string, values: Pattern[]): Condition {
  if (values.some((value) => written(value) === "")) {
    assertAlone(key, values);
    return { on: "tagged", keys: [key], negated: true };
  }
  return { on: "tag", key, values, negated: false };
}

/** In a field of the events, or in a tag that somebody named so. */
function byField(field: EventFieldName): Compile {
  return ({ key, values }, known) => {
    const fields = [field];
    const isTag = isKnownTag(key, known);
    if (values.some((value) => written(value) === "")) {
      assertAlone(key, values);
      const of: Condition[] = [{ on: "fielded", fields, negated: true }];
      return joined("all", isTag ? [...of, { on: "tagged", keys: [key], negated: true }] : of);
    }
    const of: Condition[] = [{ on: "field", fields, values, negated: false }];
    return joined("any", isTag ? [...of, { on: "tag", key, values, negated: false }] : of);
  };
}

/** Of the issue, as its row shows it, or of a later event. */
function byColumn(column: "title" | "culprit" | "type" | "platform"): Compile {
  return (term, known) => {
    const { key, values } = term;
    if (values.some((value) => written(value) === "")) throw invalid(`${key} needs a text`);
    const ofIssue: Condition = { on: "column", column, values, negated: false };
    const ofEvents = byField(column)(term, known);
    return joined("any", [ofIssue, ...("of" in ofEvents ? ofEvents.of : [ofEvents])]);
  };
}

/** Looked for anywhere in what says what happened. */
function byMessage({ key, values }: Term): Condition {
  if (values.some((value) => written(value) === "")) throw invalid(`${key} needs a text`);
  return {
    on: "field",
    fields: messageFields,
    values: values.map((value): Pattern => ["", ...value, ""]),
    negated: false,
  };
}

/** What `has:` asks for without a tag. */
const presences: Record<string, Condition> = {
  level: { on: "everything", negated: false },
  title: { on: "everything", negated: false },
  type: { on: "everything", negated: false },
  platform: { on: "everything", negated: false },
  user: { on: "anyone", negated: false },
};

/** `has:tag`, also of several of which one is enough. */
function byPresence({ values }: Term, known: Known): Condition {
  const of = values.map((value): Condition => {
    const given = written(value);
    const alone = lookUp(presences, given);
    if (alone) return alone;
    const name = searchKeyOf(given)?.name;
    const key = bareTag(given);
    if (!name || key !== given) {
      return { on: "tagged", keys: [assertTag(key, known)], negated: false };
    }
    if (name.startsWith("user.") && name !== "user.ip") {
      return { on: "tagged", keys: [name], negated: false };
    }
    if (!eachTextOf(name))
      throw invalid(`has:${given} is not supported: has takes a tag or a field of events`);
    return { on: "fielded", fields: [name as EventFieldName], negated: false };
  });
  return joined("any", of);
}
