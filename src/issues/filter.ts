import type { Deps } from "../deps";
import { Fault } from "../fault";
import { boundedMemory } from "../platform/memory";
import { readLatestReleases } from "../releases/latest-release";
import {
  selectIssuesByShortId,
  selectIssuesOfEvents,
  selectProjectNames,
  selectTagKeys,
} from "./filter-queries";
import { lookUpAssigned } from "./look-up-assigned";
import type { Condition, IssueFilter } from "./search/condition";
import { byStatus, type Known } from "./search/fields";
import { conditionOf, wantsOf } from "./search/keys";
import { parseSearch, type Search } from "./search/parse";
import { shortIdOf } from "./short-id";

/** What a request asks for, as its door understood it. */
export type Asked = {
  query: string | undefined;
  issueIds: number[];
  /** By the caller's word; empty: all. */
  projectIds: number[];
  /** The project of the path, which is known to be there. */
  projectId?: number;
  environments: string[];
  /** As `status:` in a search. */
  status?: string | undefined;
  /** An issue is of a period in which some event of it was received. */
  from?: Date;
  to?: Date;
  /** The whole search may be a short id. */
  mayBeShortId: boolean;
  /** Nothing is changed by it: a key that nobody knows may be looked for as a text, which the answer says. */
  isLenient?: boolean;
  /** Nothing narrows the project of the path, and nothing was meant to: all of it is meant. */
  isWholeProject?: boolean;
};

/** Whose issues are asked for. */
export type AskedOrg = {
  id: number;
  goneProjectIds: number[];
  /** Who asks, as a member; null or undefined: nobody. */
  memberId?: number | null;
};

/**
 * The one maker of filters, for lists and for changes alike. Everything that a request names is looked up here, and
 * what is not there is said. Faults: invalid.
 */
export async function resolveFilter(deps: Deps, org: AskedOrg, asked: Asked): Promise<IssueFilter> {
  const search = parseSearch(asked.query);
  const known = await lookUpAll(deps, org, asked, search);
  const lookup = lookupOf(search, asked, known);
  const notes: string[] = [];
  const meaning = { isStrict: !asked.isLenient, note: (text: string) => notes.push(text) };
  return {
    conditions: [
      ...boundsOf(org, asked, known),
      ...(lookup ? [lookedUp(lookup.issueIds, asked)] : []),
      ...(search.root && !lookup ? [conditionOf(search.root, known, meaning)] : []),
    ],
    notes,
    isBroad:
      !asked.isWholeProject &&
      asked.issueIds.length + asked.environments.length === 0 &&
      !asked.status &&
      (asked.projectIds.length === 0 || asked.projectId !== undefined) &&
      lookup === undefined &&
      !search.root,
    ...(lookup && {
      lookup: {
        ...(search.eventId && { eventId: search.eventId }),
        found: lookup.issueIds.length > 0,
      },
    }),
  };
}

/** Faults: invalid, when a filter is not meant for a change: a forgotten one must not change everything. */
export function assertMeant({ isBroad, lookup }: IssueFilter): void {
  if (isBroad) {
    throw new Fault(
      "invalid",
      "Which issues? Name them by id, query, project or environment (query=is:unresolved, for example)",
    );
  }
  if (lookup && !lookup.found) throw new Fault("invalid", "There is no event with this id");
}

/** A short id that leads nowhere is a word like others; an event id is not. */
function lookupOf(search: Search, asked: Asked, known: Known) {
  if (search.eventId) return { issueIds: known.issuesOfEvent(search.eventId) };
  const issueIds =
    search.shortId && asked.mayBeShortId ? known.issuesOfShortId(search.shortId) : [];
  // Of two projects whose names differ in case alone neither is meant.
  return issueIds.length === 1 ? { issueIds } : undefined;
}

/** A list takes an id that leads to no event as a text: ids of traces look the same. */
function lookedUp(issueIds: number[], { query, isLenient }: Asked): Condition {
  return issueIds.length === 0 && isLenient
    ? { on: "words", pattern: [query?.trim().toLowerCase() ?? ""], negated: false }
    : { on: "issue", values: issueIds, negated: false };
}

function boundsOf(org: AskedOrg, asked: Asked, known: Known): Condition[] {
  if (asked.environments.includes("")) throw new Fault("invalid", "The environment has no name");
  for (const id of asked.projectIds) {
    if (!known.hasProject(id)) throw new Fault("invalid", `There is no project ${id}`);
  }
  const { projectId, projectIds } = asked;
  const any = <T>(values: T[]) => values.length > 0;
  const positive = { negated: false };
  return [
    // Projects that are going away keep their rows for a while.
    ...(any(org.goneProjectIds)
      ? [{ on: "project" as const, values: org.goneProjectIds, negated: true }]
      : []),
    ...(any(asked.issueIds) ? [{ on: "issue" as const, values: asked.issueIds, ...positive }] : []),
    ...(projectId === undefined
      ? []
      : [{ on: "project" as const, values: [projectId], ...positive }]),
    ...(any(projectIds) ? [{ on: "project" as const, values: projectIds, ...positive }] : []),
    ...(any(asked.environments)
      ? [
          {
            on: "tag" as const,
            key: "environment",
            values: asked.environments.map((name) => [name]),
            ...positive,
          },
        ]
      : []),
    ...(asked.status ? [byStatus({ key: "status", values: [[asked.status]] }, known)] : []),
    ...moment("last_seen_at", ">=", asked.from),
    ...moment("first_seen_at", "<=", asked.to),
    ...seenWithin(asked, known.now),
  ];
}

/**
 * The environment and the time must be those of one event; a period without an end needs no event of its own, since the
 * issue was last seen after it began.
 */
function seenWithin({ from, to, environments }: Asked, now: Date): Condition[] {
  const isNeeded = (from && to) || ((from || to) && environments.length > 0);
  if (!isNeeded) return [];
  return [{ on: "seen", from: from ?? new Date(0), to: to ?? now, environments, negated: false }];
}

const moment = (
  column: "first_seen_at" | "last_seen_at",
  sign: ">=" | "<=",
  value: Date | undefined,
): Condition[] => (value ? [{ on: "moment", column, all: [{ sign, value }], negated: false }] : []);

/** All that the search names, in one round trip; mostly nothing. */
async function lookUpAll(deps: Deps, org: AskedOrg, asked: Asked, search: Search): Promise<Known> {
  const { db } = deps;
  const wants = wantsOf(search, asked.mayBeShortId);
  const projectIds = asked.projectId === undefined ? asked.projectIds : [asked.projectId];
  const keys = wants.tagKeys.filter((key) => !isMet(`${org.id}:${projectIds}:${key}`));
  const unmet = asked.projectIds.filter((id) => !isMet(`${org.id}:${id}`));
  const wantsProjects = wants.projects || unmet.length > 0;
  const [projects, tags, events, shortIds, assigned, latest] = await Promise.all([
    wantsProjects ? selectProjectNames(db, org.id) : undefined,
    keys.length > 0 ? selectTagKeys(db, org.id, projectIds, keys) : undefined,
    wants.eventIds.length > 0 ? selectIssuesOfEvents(db, org.id, wants.eventIds) : undefined,
    wants.shortIds.length > 0 ? selectIssuesByShortId(db, [org.id], wants.shortIds) : undefined,
    wants.assignees.length > 0 ? lookUpAssigned(db, org, wants.assignees) : undefined,
    wants.latest ? readLatestReleases(deps, org.id, projectIds) : [],
  ]);
  for (const { id } of projects ?? []) meet(`${org.id}:${id}`);
  for (const { key } of tags?.rows ?? []) meet(`${org.id}:${projectIds}:${key}`);
  const found = new Set(tags?.rows.map(({ key }) => key));
  const ids = new Map(projects?.map(({ id, slug }) => [slug.toLowerCase(), id]));
  const idSet = new Set(ids.values());
  return {
    now: deps.now(),
    projectIds: projectIds.length > 0 ? projectIds : [...idSet],
    hasProject: (id) => (unmet.includes(id) ? idSet.has(id) : true),
    projectOf: (slug) => ids.get(slug.toLowerCase()),
    latestReleases: latest,
    hasTagKey: (key) => !keys.includes(key) || found.has(key),
    issuesOfEvent: (id) =>
      (events?.rows ?? [])
        .filter(({ eventId }) => eventId === id)
        .map(({ issueId }) => Number(issueId)),
    assigned: (word) => assigned?.(word),
    issuesOfShortId: (wanted) =>
      (shortIds?.rows ?? [])
        .filter((row) => shortIdOf(row) === shortIdOf(wanted))
        .map(({ issueId }) => Number(issueId)),
  };
}

/** Projects and tag keys that were there when somebody asked: most searches name the same ones again. */
const metMax = 5000;
const met = boundedMemory<string, true>(metMax);

const isMet = (name: string) => met.has(name);
const meet = (name: string) => met.set(name, true);
