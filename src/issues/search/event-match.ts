import type { StoredEvent } from "../../events/payload";
import { identityOf } from "../../events/user";
import { isFact, messageFields } from "../../protocol/event-fields";
import { normalizeEventId } from "../../protocol/event-id";
import { hasWildcard, type Pattern, written } from "../../protocol/pattern";
import { searchKeyOf } from "../../protocol/search-keys";
import { comparisonOf, fitsComparison } from "./comparisons";
import { eachTextOf, eventFields, type SearchableEvent } from "./event-fields";
import { bareTag, namedPerson, truthOf } from "./fields";
import { aboutPart, invalid, type Node, type Term } from "./tree";

export type EventMatcher = (event: StoredEvent) => boolean;

/** Of an issue, and so the same for each of its events. */
const ofIssues = new Set([
  "is",
  "assigned",
  "assigned_or_suggested",
  "project",
  "issue",
  "timesSeen",
  "users",
  "firstSeen",
  "lastSeen",
]);

/** Whether an event is what a search asks for; undefined, when it asks for nothing. Faults: invalid. */
export function matcherOf(root: Node | undefined): EventMatcher | undefined {
  return root && matcherOfNode(root);
}

function matcherOfNode(node: Node): EventMatcher {
  switch (node.on) {
    case "all": {
      const all = node.of.map(matcherOfNode);
      return (event) => all.every((matches) => matches(event));
    }
    case "any":
      return anyOf(node.of.map(matcherOfNode));
    case "not": {
      const matches = matcherOfNode(node.of);
      return (event) => !matches(event);
    }
    case "words": {
      const contains = likening(["", ...node.pattern, ""]);
      const id = normalizeEventId(written(node.pattern));
      return (event) => event.event_id === id || hasText(event, contains);
    }
    case "term":
      return aboutPart(node.part, () => matcherOfTerm(node));
  }
}

const anyOf =
  (any: EventMatcher[]): EventMatcher =>
  (event) =>
    any.some((matches) => matches(event));

function hasText(event: SearchableEvent, matches: (text: string) => boolean): boolean {
  return eventFields.some(({ name, each }) => {
    let found = false;
    if (!isFact(name)) {
      each(event, (text) => {
        found ||= text !== undefined && matches(text);
      });
    }
    return found;
  });
}

function matcherOfTerm(term: Term): EventMatcher {
  const { key, values, isTag } = term;
  if (term.isNumber) {
    const comparison = comparisonOf(term);
    return (event) => tagged(key)(event).some((value) => fitsComparison(comparison, value));
  }
  if (isTag) return valuesIn(tagged(key), values, true);
  const name = searchKeyOf(key)?.name ?? key;
  if (ofIssues.has(name))
    throw invalid(`${key} is of the issue, and the same for all of its events`);
  switch (name) {
    case "release":
      if (values.some((value) => written(value) === "latest")) {
        throw invalid("release:latest is of issues: name the release");
      }
      return valuesIn(tagged(key), values, true);
    case "has":
      return anyOf(values.map((value) => present(written(value))));
    case "id":
      return ofIds(values);
    case "user":
      return ofPerson(values);
    case "level":
      return valuesIn(({ level }) => [level], values, false);
    case "error.handled":
    case "error.unhandled": {
      const wanted = values.map((value) => truthOf(key, value) === (name === "error.handled"));
      const handled = tagged("handled");
      return (event) => wanted.some((each) => handled(event).includes(each ? "yes" : "no"));
    }
    case "message": {
      const contain = values.map((value) => likening(["", ...value, ""]));
      const texts = textsOf(messageFields);
      return (event) => texts(event).some((text) => contain.some((each) => each(text)));
    }
  }
  if (!searchKeyOf(key)) return valuesIn(tagged(key), values, true);
  const field = textsOf([name]);
  // A tag of that name is somebody's own word for it.
  const own = tagged(key);
  return valuesIn((event) => [...field(event), ...own(event)], values, false);
}

type Field = (event: StoredEvent) => string[];

const textsOf =
  (names: readonly string[]): Field =>
  (event) => {
    const found: string[] = [];
    for (const name of names) {
      eachTextOf(name)?.(event, (text) => {
        if (text) found.push(text);
      });
    }
    return found;
  };

const tagged =
  (name: string): Field =>
  ({ tags }) =>
    tags.filter(([key]) => key === name).map(([, value]) => value);

function present(given: string): EventMatcher {
  const key = bareTag(given);
  const name = key === given ? searchKeyOf(given)?.name : undefined;
  if (name === "user") return (event) => event.user !== undefined;
  if (name === "level") return () => true;
  const field = name && eachTextOf(name) ? textsOf([name]) : tagged(key);
  return (event) => field(event).some((value) => value !== "");
}

function ofIds(values: Pattern[]): EventMatcher {
  const ids = eventIdsOf(values);
  return ({ event_id }) => ids.includes(event_id);
}

/** Faults: invalid. */
export const eventIdsOf = (values: Pattern[]): string[] =>
  values.map((value) => {
    const id = normalizeEventId(written(value));
    if (!id) throw invalid(`id:${written(value)} is no event id`);
    return id;
  });

/** `user:id:42`, or whatever names a person. */
function ofPerson(values: Pattern[]): EventMatcher {
  const wanted = values.map((value) => {
    const [kind, name] = namedPerson(written(value)) ?? [undefined, written(value)];
    return { kind, name, matches: likening(value) };
  });
  return ({ user }) =>
    wanted.some(({ kind, name, matches }) => {
      if (name === "") return identityOf(user) === undefined;
      const names: [kind: string, name: string | undefined][] = [
        ["id", user?.id],
        ["username", user?.username],
        ["email", user?.email],
        ["ip", user?.ip_address],
      ];
      return names.some(([each, of]) =>
        kind === undefined
          ? of !== undefined && (of === name || matches(of))
          : each === kind && of === name,
      );
    });
}

/** An empty value asks for what has none. Tags are compared as they are, all else in any case. */
function valuesIn(field: Field, wanted: Pattern[], isExact: boolean): EventMatcher {
  const exact = isExact ? wanted.filter((value) => !hasWildcard(value)).map(written) : [];
  const patterns = wanted.filter((value) => !isExact || hasWildcard(value)).map(likening);
  const asksForNone = wanted.some((value) => written(value) === "");
  return (event) => {
    const values = field(event).filter((value) => value !== "");
    if (values.length === 0) return asksForNone;
    return values.some(
      (value) => exact.includes(value) || patterns.some((matches) => matches(value)),
    );
  };
}

/** Whether a text is like a pattern, in any case: each piece is looked for once, behind the last. */
function likening(pattern: Pattern): (text: string) => boolean {
  const parts = pattern.map((piece) => piece.toLowerCase());
  const [first = ""] = parts;
  if (parts.length === 1) return (text) => text.toLowerCase() === first;
  const last = parts.at(-1) ?? "";
  const middle = parts.slice(1, -1);
  return (text) => {
    const lower = text.toLowerCase();
    if (lower.length < first.length + last.length) return false;
    if (!lower.startsWith(first) || !lower.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = lower.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= lower.length - last.length;
  };
}
