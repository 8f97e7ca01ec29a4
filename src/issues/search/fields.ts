import { lookUp } from "../../protocol/dictionary";
import { weekMs } from "../../protocol/durations";
import type { EventFieldName } from "../../protocol/event-fields";
import { normalizeEventId } from "../../protocol/event-id";
import { levelNumber, parseLevel } from "../../protocol/level";
import { hasWildcard, type Pattern, written } from "../../protocol/pattern";
import { idIn } from "../../protocol/row-id";
import { personHash } from "../person-hash";
import { priorities } from "../priority-queries";
import { parseShortId, type ShortId } from "../short-id";
import { type Assigned, type Condition, joined, type OpenSubstatus } from "./condition";
import { invalid, type Term } from "./tree";

/** What the organization has of that which a search names. */
export type Known = {
  now: Date;
  /** Of the projects that are asked; only where a search wants them. */
  projectIds: number[];
  hasProject(id: number): boolean;
  projectOf(slug: string): number | undefined;
  hasTagKey(key: string): boolean;
  /** Of the projects that are asked; only where a search wants them. */
  latestReleases: { projectId: number; version: string }[];
  issuesOfEvent(eventId: string): number[];
  issuesOfShortId(shortId: ShortId): number[];
  /** undefined: nobody is written so. */
  assigned(word: string): Assigned | undefined;
};

/** An issue is new for so long, unless it came back or people took it out of sight. */
export const newForMs = weekMs;

const statusWords: Record<string, string> = {
  unresolved: "unresolved",
  resolved: "resolved",
  ignored: "ignored",
  muted: "ignored",
  archived: "ignored",
};
const substatusWords: Record<string, OpenSubstatus> = {
  new: "new",
  ongoing: "ongoing",
  regressed: "regressed",
  escalating: "escalating",
  for_review: "for_review",
};
/** To tickets of other services, of which there are none. */
const linkWords: Record<string, Condition> = {
  linked: { on: "everything", negated: true },
  unlinked: { on: "everything", negated: false },
};

export function byStatus(
  { key, values }: Pick<Term, "key" | "values">,
  { now }: Pick<Known, "now">,
): Condition {
  const words = values.map((value) => written(value).toLowerCase());
  const statuses: string[] = [];
  const substatuses: OpenSubstatus[] = [];
  const others: Condition[] = [];
  for (const word of words) {
    const status = lookUp(statusWords, word);
    const substatus = key === "is" ? lookUp(substatusWords, word) : undefined;
    const link = key === "is" ? lookUp(linkWords, word) : undefined;
    if (status) statuses.push(status);
    else if (substatus) substatuses.push(substatus);
    else if (word === "assigned" || word === "unassigned")
      others.push({ on: "assigned", to: "anybody", negated: word === "unassigned" });
    else if (link) others.push(link);
    else {
      throw invalid(
        `${key}:${word} is not supported: unresolved, resolved, ignored${key === "is" ? ", new, ongoing, regressed, escalating or for_review" : ""}`,
      );
    }
  }
  const newSince = new Date(+now - newForMs);
  return joined("any", [
    ...(statuses.length > 0 ? [{ on: "status" as const, values: statuses, negated: false }] : []),
    ...(substatuses.length > 0
      ? [{ on: "substatus" as const, values: substatuses, newSince, negated: false }]
      : []),
    ...others,
  ]);
}

/** `me`, `my_teams`, `none`, `#team`, `team:1`, `user:1` or an address. */
export function byAssignee(term: Term, known: Known): Condition {
  const { to, orNobody } = assigneesOf(term, known);
  return joined("any", [
    ...(to ? [{ on: "assigned" as const, to, negated: false }] : []),
    ...(orNobody ? [byNobody] : []),
  ]);
}

/** The same, and those whom the rules suggest while nobody has it. */
export function byOwner(term: Term, known: Known): Condition {
  const { to, orNobody } = assigneesOf(term, known);
  return joined("any", [
    ...(to
      ? [
          { on: "assigned" as const, to, negated: false },
          { on: "suggested" as const, to, negated: false },
        ]
      : []),
    ...(orNobody
      ? [joined("all", [byNobody, { on: "suggested", to: "anybody", negated: true }])]
      : []),
  ]);
}

const byNobody: Condition = { on: "assigned", to: "anybody", negated: true };

function assigneesOf({ key, values }: Term, known: Known) {
  const words = values.map((value) => written(value).toLowerCase());
  const named = words.filter((word) => word !== "none" && word !== "");
  const found = named.map((word) => {
    const assigned = known.assigned(word);
    if (!assigned) throw invalid(`${key}:${word} is nobody of this organization`);
    return assigned;
  });
  const to = {
    memberIds: found.flatMap(({ memberIds }) => memberIds),
    teamIds: found.flatMap(({ teamIds }) => teamIds),
  };
  return {
    to: found.length > 0 ? to : undefined,
    orNobody: found.length < words.length,
  };
}

/** `me` or an address: whose mark it has. */
export const byMark =
  (mark: "bookmarked" | "subscribed") =>
  ({ key, values }: Term, known: Known): Condition => {
    const memberIds = values.flatMap((value) => {
      const word = written(value).toLowerCase();
      const found = known.assigned(word);
      if (!found || found.memberIds.length === 0) {
        throw invalid(`${key}:${word} is no member of this organization`);
      }
      return found.memberIds;
    });
    return { on: "marked", mark, memberIds, negated: false };
  };

export function byPriority({ key, values }: Term): Condition {
  const numbers = values.map((value) => {
    const number = lookUp<number>(priorities, written(value).toLowerCase());
    if (!number) throw invalid(`${key}:${written(value)} is none of high, medium, low`);
    return number;
  });
  return { on: "priority", values: numbers, negated: false };
}

export function byLevel({ values }: Term): Condition {
  const numbers = values.map((value) => {
    const word = written(value);
    const level = /^\d+$/.test(word) ? undefined : parseLevel(word);
    if (!level) throw invalid(`level:${word} is none of fatal, error, warning, info, debug`);
    return levelNumber(level);
  });
  return { on: "level", values: numbers, negated: false };
}

/**
 * `user:id:42`, `user:email:a@b.c`, or whatever names a person. By the hash under which people are counted, since only a
 * glimpse of their tags is; what has a `*` in it, by what their events said.
 */
export function byPerson({ key, values }: Term, known: Known): Condition {
  const [, field] = key.split(".");
  if (values.some((value) => written(value) === "")) {
    assertAlone(key, values);
    return field ? { on: "tagged", keys: [key], negated: true } : { on: "anyone", negated: true };
  }
  const exact = values.filter((value) => !hasWildcard(value)).map(written);
  const named = exact.flatMap((value): [kind: string, name: string][] => {
    if (field) return [[field, value]];
    const person = namedPerson(value);
    if (person) return [person];
    return ["id", "username", "email", "ip"].map((each) => [each, value]);
  });
  const fields: EventFieldName[] = field
    ? [`user.${field}` as EventFieldName]
    : ["user.id", "user.email", "user.username", "user.ip"];
  const patterns = values.filter(hasWildcard);
  return joined("any", [
    ...(named.length > 0 ? [byHash(named, known)] : []),
    // Also those who are counted under another name of theirs.
    ...(named.length > 0
      ? [
          fieldedBy(
            named.map(([kind]) => `user.${kind}` as EventFieldName),
            named.map(([, name]) => [name]),
          ),
        ]
      : []),
    ...(patterns.length > 0 ? [fieldedBy(fields, patterns)] : []),
    ...(patterns.length > 0
      ? fields
          .filter((each) => each !== "user.ip")
          .map((each): Condition => ({ on: "tag", key: each, values: patterns, negated: false }))
      : []),
  ]);
}

const fieldedBy = (fields: EventFieldName[], values: Pattern[]): Condition => ({
  on: "field",
  fields: [...new Set(fields)],
  values: [...new Map(values.map((value) => [written(value), value])).values()],
  negated: false,
});

const byHash = (named: [kind: string, name: string][], known: Known): Condition => ({
  on: "person",
  hashes: known.projectIds.flatMap((projectId) =>
    named.map(([kind, name]) => personHash(projectId, `${kind}:${name}`)),
  ),
  tags: named
    .filter(([kind]) => kind !== "ip")
    .map(([kind, name]): [string, string] => [`user.${kind}`, name]),
  negated: false,
});

/** `id:42` and the like, of a person; undefined: whatever names one. */
export function namedPerson(value: string): [kind: string, name: string] | undefined {
  const [, kind, name] = /^(id|username|email|ip):(.+)$/s.exec(value) ?? [];
  return kind === undefined || name === undefined ? undefined : [kind, name];
}

/** The key of a tag that is given as `tags[key]`; any other name as it is. */
export const bareTag = (name: string): string => /^tags\[(.+)\]$/.exec(name)?.[1] ?? name;

export function assertAlone(key: string, values: Pattern[]): void {
  if (values.length > 1) throw invalid(`A list of ${key} has no empty value`);
}

/** By slug or id. */
export function byProject({ key, values }: Term, known: Known): Condition {
  const ids = values.map((value) => {
    const word = written(value);
    const given = idIn(word);
    const id =
      given === undefined ? known.projectOf(word) : known.hasProject(given) ? given : undefined;
    if (!id) throw invalid(`${key}:${word} is no project of this organization`);
    return id;
  });
  return { on: "project", values: ids, negated: false };
}

/** By short id or id. */
export function byIssue({ key, values }: Term, known: Known): Condition {
  const ids = values.flatMap((value) => {
    const word = written(value);
    const id = idIn(word);
    if (id !== undefined) return [id];
    const shortId = parseShortId(word);
    const found = shortId ? known.issuesOfShortId(shortId) : [];
    if (found.length !== 1) throw invalid(`${key}:${word} is no issue of this organization`);
    return found;
  });
  return { on: "issue", values: ids, negated: false };
}

/** By an id of one of its events. */
export function byEvent({ values }: Term, known: Known): Condition {
  const ids = values.flatMap((value) => {
    const id = normalizeEventId(written(value));
    const found = id ? known.issuesOfEvent(id) : [];
    if (found.length === 0) throw invalid(`id:${written(value)} is no event of this organization`);
    return found;
  });
  return { on: "issue", values: ids, negated: false };
}

const truths: Record<string, boolean> = {
  "1": true,
  true: true,
  yes: true,
  "0": false,
  false: false,
  no: false,
};

export function truthOf(key: string, value: Pattern): boolean {
  const truth = lookUp(truths, written(value).toLowerCase());
  if (truth === undefined) throw invalid(`${key}:${written(value)} is neither true nor false`);
  return truth;
}

/** Sentry's word for the tag `handled`. */
export const byHandled =
  (meaning: boolean) =>
  ({ key, values }: Term): Condition => ({
    on: "tag",
    key: "handled",
    values: values.map((value) => [truthOf(key, value) === meaning ? "yes" : "no"]),
    negated: false,
  });
