import { Fault } from "../fault";
import { lookUp } from "../protocol/dictionary";
import { normalizeEventId } from "../protocol/event-id";
import { levelNumber, parseLevel } from "../protocol/level";
import { idIn } from "../protocol/row-id";
import type { Condition } from "./filter-queries";
import { personHash } from "./person-hash";
import type { Term } from "./search";
import { parseShortId, type ShortId } from "./short-id";

/** What the organization has of that which a search names. */
export type Known = {
  now: Date;
  /** Of the projects that are asked; only where a search wants them. */
  projectIds: number[];
  hasProject(id: number): boolean;
  projectOf(slug: string): number | undefined;
  hasTagKey(key: string): boolean;
  issuesOfEvent(eventId: string): number[];
  issuesOfShortId(shortId: ShortId): number[];
};

const invalid = (detail: string) => new Fault("invalid", detail);

const statusWords: Record<string, string> = {
  unresolved: "unresolved",
  resolved: "resolved",
  ignored: "ignored",
  muted: "ignored",
  archived: "ignored",
};

export function byStatus({ key, values, negated }: Term): Condition {
  const statuses = values.map((value) => {
    const status = lookUp(statusWords, value.toLowerCase());
    if (!status) {
      throw invalid(`${key}:${value} is not supported: unresolved, resolved or ignored`);
    }
    return status;
  });
  return { on: "status", values: statuses, negated };
}

export function byLevel({ values, negated }: Term): Condition {
  const numbers = values.map((value) => {
    const level = /^\d+$/.test(value) ? undefined : parseLevel(value);
    if (!level) throw invalid(`level:${value} is none of fatal, error, warning, info, debug`);
    return levelNumber(level);
  });
  return { on: "level", values: numbers, negated };
}

/**
 * `user:id:42`, `user:email:a@b.c`, or whatever names a person. By the hash under which people are counted, since only a
 * glimpse of their tags is.
 */
export function byPerson(term: Term, known: Known): Condition {
  const { key, values, negated } = term;
  const [, field] = key.split(".");
  if (values.includes("")) {
    if (values.length > 1) throw invalid(`A list of ${key} has no empty value`);
    return field
      ? { on: "tagged", keys: [key], negated: !negated }
      : { on: "anyone", negated: !negated };
  }
  if (values.some((value) => value.includes("*"))) {
    if (field) return { on: "tag", key, values, negated };
    throw invalid("user takes no *: use user.id, user.email or user.username");
  }
  const named = values.flatMap((value): [kind: string, name: string][] => {
    if (field) return [[field, value]];
    const [, kind, name] = /^(id|username|email|ip):(.+)$/s.exec(value) ?? [];
    if (kind !== undefined && name !== undefined) return [[kind, name]];
    return ["id", "username", "email", "ip"].map((each) => [each, value]);
  });
  return {
    on: "person",
    hashes: known.projectIds.flatMap((projectId) =>
      named.map(([kind, name]) => personHash(projectId, `${kind}:${name}`)),
    ),
    tags: named
      .filter(([kind]) => kind !== "ip")
      .map(([kind, name]): [string, string] => [`user.${kind}`, name]),
    negated,
  };
}

/** Names of operating systems are counted, their versions are not. */
export function bySystem({ values, negated }: Term): Condition {
  if (values.includes("")) {
    if (values.length > 1) throw invalid("A list of os has no empty value");
    return { on: "tagged", keys: ["os.name"], negated: !negated };
  }
  const versioned = values.find((value) => /\s\d\S*$/.test(value) || value.includes("*"));
  if (versioned !== undefined) {
    throw invalid(
      `os:"${versioned}" cannot be searched, since versions are on the events only: use os.name`,
    );
  }
  return { on: "tag", key: "os.name", values, negated };
}

/** By slug or id. */
export function byProject({ key, values, negated }: Term, known: Known): Condition {
  const ids = values.map((value) => {
    const given = idIn(value);
    const id =
      given === undefined ? known.projectOf(value) : known.hasProject(given) ? given : undefined;
    if (!id) throw invalid(`${key}:${value} is no project of this organization`);
    return id;
  });
  return { on: "project", values: ids, negated };
}

/** By short id or id. */
export function byIssue({ key, values, negated }: Term, known: Known): Condition {
  const ids = values.flatMap((value) => {
    const id = idIn(value);
    if (id !== undefined) return [id];
    const shortId = parseShortId(value);
    const found = shortId ? known.issuesOfShortId(shortId) : [];
    if (found.length !== 1) throw invalid(`${key}:${value} is no issue of this organization`);
    return found;
  });
  return { on: "issue", values: ids, negated };
}

/** By an id of one of its events. */
export function byEvent({ values, negated }: Term, known: Known): Condition {
  const ids = values.flatMap((value) => {
    const id = normalizeEventId(value);
    const found = id ? known.issuesOfEvent(id) : [];
    if (found.length === 0) throw invalid(`id:${value} is no event of this organization`);
    return found;
  });
  return { on: "issue", values: ids, negated };
}

/** `message:x` is looked for anywhere, a title or a culprit is compared whole. */
export const byText =
  (column: "search_text" | "title" | "culprit") =>
  ({ key, values, negated }: Term): Condition => {
    if (values.includes("")) throw invalid(`${key} needs a text`);
    return { on: "text", column, values, negated };
  };

const truths: Record<string, boolean> = { "1": true, true: true, yes: true };
const untruths: Record<string, boolean> = { "0": true, false: true, no: true };

/** Sentry's word for the tag `handled`. */
export const byHandled =
  (meaning: boolean) =>
  ({ key, values, negated }: Term): Condition => {
    const wanted = values.map((value) => {
      const isTrue = lookUp(truths, value.toLowerCase()) ?? false;
      if (!isTrue && !lookUp(untruths, value.toLowerCase())) {
        throw invalid(`${key}:${value} is neither true nor false`);
      }
      return isTrue === meaning ? "yes" : "no";
    });
    return { on: "tag", key: "handled", values: wanted, negated };
  };
