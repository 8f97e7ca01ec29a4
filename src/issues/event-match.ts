import type { Frame } from "../events/frames";
import type { StoredEvent } from "../events/payload";
import { identityOf } from "../events/user";
import { Fault } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { normalizeEventId } from "../protocol/event-id";
import { aboutPart, type Search, type Term } from "./search";

export type EventMatcher = (event: StoredEvent) => boolean;

/** Texts of an event under a name; none where it has none. */
type Field = (event: StoredEvent) => (string | undefined)[];

const exceptions = (event: StoredEvent) => event.exception?.values ?? [];
const frames = (event: StoredEvent): Frame[] =>
  [...exceptions(event), ...(event.threads?.values ?? [])].flatMap(
    ({ stacktrace }) => stacktrace?.frames ?? [],
  );
const textsOf: Field = (event) => [
  event.title,
  event.culprit,
  event.logentry?.formatted,
  ...exceptions(event).map(({ value }) => value),
  event.request?.url,
];

/** What an event has beside its tags, under the names of searches. */
const fields: Record<string, Field> = {
  level: ({ level }) => [level],
  platform: ({ platform }) => [platform],
  title: ({ title }) => [title],
  culprit: ({ culprit }) => [culprit],
  type: ({ type }) => [type],
  "user.ip": ({ user }) => [user?.ip_address],
  "error.type": (event) => exceptions(event).map(({ type }) => type),
  "error.value": (event) => exceptions(event).map(({ value }) => value),
  "error.mechanism": (event) => exceptions(event).map(({ mechanism }) => mechanism?.type),
  "stack.function": (event) => frames(event).map((frame) => frame.function),
  "stack.filename": (event) => frames(event).map(({ filename }) => filename),
  "stack.abs_path": (event) => frames(event).map(({ abs_path }) => abs_path),
  "stack.module": (event) => frames(event).map(({ module }) => module),
  "http.url": ({ request }) => [request?.url],
  "http.method": ({ request }) => [request?.method],
  trace: ({ contexts }) => {
    const id = contexts.trace?.["trace_id"];
    return [typeof id === "string" ? id : undefined];
  },
};

/** Of an issue, and so the same for each of its events. */
const ofIssues = new Set([
  "is",
  "status",
  "project",
  "project.id",
  "issue",
  "issue.id",
  "timesSeen",
  "times_seen",
  "users",
  "userCount",
  "user_count",
  "firstSeen",
  "first_seen",
  "lastSeen",
  "last_seen",
  "age",
]);

const invalid = (detail: string) => new Fault("invalid", detail);

/** Whether an event is what a search asks for; undefined, when it asks for nothing. Faults: invalid. */
export function matcherOf({
  terms,
  texts,
}: Pick<Search, "terms" | "texts">): EventMatcher | undefined {
  const all = [
    ...terms.map((term) => aboutPart(term.part, () => matcherOfTerm(term))),
    ...texts.map((text): EventMatcher => {
      const contains = containing(text);
      return (event) => textsOf(event).some((each) => each !== undefined && contains(each));
    }),
  ];
  if (all.length === 0) return undefined;
  return (event) => all.every((matches) => matches(event));
}

function matcherOfTerm(term: Term): EventMatcher {
  const { key, isTag, negated } = term;
  if (!isTag && ofIssues.has(key)) {
    throw invalid(`${key} is of the issue, and the same for all of its events`);
  }
  const matches = positiveOf(term);
  return negated ? (event) => !matches(event) : matches;
}

function positiveOf({ key, values, isTag }: Term): EventMatcher {
  if (isTag) return valuesIn(tagged(key), values);
  if (key === "has") return (event) => values.some((name) => hasSome(event, name));
  if (key === "id") return ofIds(values);
  if (key === "user") return ofPerson(values);
  if (key === "message") {
    const contain = values.map(containing);
    return (event) =>
      textsOf(event).some((text) => text !== undefined && contain.some((each) => each(text)));
  }
  if (key === "error.handled" || key === "error.unhandled") {
    const wanted = values.map((value) => truthOf(key, value) === (key === "error.handled"));
    const handled = tagged("handled");
    return (event) => wanted.some((each) => handled(event).includes(each ? "yes" : "no"));
  }
  return valuesIn(lookUp(fields, key) ?? tagged(key), values);
}

const tagged =
  (name: string): Field =>
  ({ tags }) =>
    tags.filter(([key]) => key === name).map(([, value]) => value);

function hasSome(event: StoredEvent, name: string): boolean {
  if (name === "user") return event.user !== undefined;
  const key = /^tags\[(.+)\]$/.exec(name)?.[1];
  const field = key === undefined ? (lookUp(fields, name) ?? tagged(name)) : tagged(key);
  return field(event).some((value) => value !== undefined && value !== "");
}

function ofIds(values: string[]): EventMatcher {
  const ids = values.map((value) => {
    const id = normalizeEventId(value);
    if (!id) throw invalid(`id:${value} is no event id`);
    return id;
  });
  return ({ event_id }) => ids.includes(event_id);
}

/** `user:id:42`, or whatever names a person. */
const ofPerson =
  (values: string[]): EventMatcher =>
  ({ user }) =>
    values.some((value) => {
      if (value === "") return identityOf(user) === undefined;
      const [, kind, name] = /^(id|username|email|ip):(.+)$/s.exec(value) ?? [];
      const names: [kind: string, name: string | undefined][] = [
        ["id", user?.id],
        ["username", user?.username],
        ["email", user?.email],
        ["ip", user?.ip_address],
      ];
      if (name === undefined) return names.some(([, each]) => each === value);
      return names.some(([each, of]) => each === kind && of === name);
    });

const truths = new Map([
  ["1", true],
  ["true", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["no", false],
]);

function truthOf(key: string, value: string): boolean {
  const truth = truths.get(value.toLowerCase());
  if (truth === undefined) throw invalid(`${key}:${value} is neither true nor false`);
  return truth;
}

/** An empty value asks for what has none; `*` stands for anything, in any case. */
function valuesIn(field: Field, wanted: string[]): EventMatcher {
  const patterns = wanted.filter((value) => value.includes("*")).map(likening);
  return (event) => {
    const values = field(event).filter((value) => value !== undefined && value !== "");
    if (values.length === 0) return wanted.includes("");
    return values.some(
      (value) =>
        value !== undefined &&
        (wanted.includes(value) || patterns.some((pattern) => pattern(value))),
    );
  };
}

const containing = (text: string) => likening(`*${text}*`);

/** Whether a text is like a pattern in which `*` stands for anything: each part is looked for once, behind the last. */
function likening(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split("*");
  const [first = ""] = parts;
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
