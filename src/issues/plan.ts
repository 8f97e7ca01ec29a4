import type { StoredEvent } from "../events/payload";
import { firstTags } from "../events/tags";
import { dashed } from "../platform/ids";
import { append, type Segment } from "../platform/segment";
import { dayMs, hourOf, weekMs } from "../protocol/durations";
import { levelNumber } from "../protocol/level";
import { ownTagKeys } from "../protocol/own-tags";
import type { Grouping } from "./grouping/grouping";
import {
  isOfPerson,
  personValuesMax,
  type TagCount,
  tagKeysMax,
  tagOf,
  tagValuesMax,
} from "./tag-queries";

/** One event ready to be stored: grouped, scrubbed, compressed. */
export type DigestedEvent = {
  orgId: number;
  projectId: number;
  eventId: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  grouping: Grouping;
  /** What a new issue would be called; without the heavy parts. */
  summary: Pick<
    StoredEvent,
    "type" | "title" | "culprit" | "metadata" | "level" | "platform" | "tags"
  > & {
    logger?: string;
    searchText: string;
  };
  environment?: string;
  /** 64-bit hash of who was affected. */
  userHash?: bigint;
  payload: Uint8Array;
};

/** 1970-01-05 was a Monday. */
const mondayMs = 4 * dayMs;
const issueTagsMax = 60;
/**
 * On the event only: as distinct as the events themselves (`transaction` and `user.id` tell them), or said by
 * another tag. Every counted tag costs a write per issue and batch.
 */
export const notCounted: ReadonlySet<string> = new Set([
  "url",
  "user",
  "os",
  "runtime",
  "runtime.name",
  // One and the same for nearly all events of an issue.
  "level",
  "mechanism",
  "sdk",
]);

export const weekOf = (ms: number) => ms - ((ms - mondayMs) % weekMs);

/**
 * Folds a batch into what the database needs to hear: groups of events that share a hash, with tags, hours and
 * people counted once each. Which issue a group belongs to is decided in the commit, under the project's lock. Groups
 * with a known hash (`<project>:<hash>`) are not described: title and the like are for new issues, and nine tenths of
 * what there is to send. The payloads are appended to the segment.
 */
export function planIssues(
  events: DigestedEvent[],
  segment: Segment,
  knownHashes: ReadonlySet<string>,
) {
  const groupOf = unite(events);
  const groups = new Map<number, ReturnType<typeof newGroup>>();
  const tags = newTagCounts();
  const hours = new Map<string, { g: number; hour: string; count: number }>();
  const known = new Map<number, { projectId: number; hash: string }>();
  const users = new Map<string, { g: number; user_hash: string }>();
  const rows = events.map((event, index) => {
    const g = groupOf[index] ?? index;
    const at = new Date(event.receivedAt).toISOString();
    const group = groups.get(g) ?? newGroup(g, event, at);
    groups.set(g, group);
    addToGroup(group, event, at);
    const hash = event.grouping.primary;
    if (knownHashes.has(`${event.projectId}:${hash}`)) {
      known.set(g, { projectId: event.projectId, hash });
    }

    const week = new Date(weekOf(event.receivedAt)).toISOString();
    for (const [key, value] of firstTags(event.summary.tags, issueTagsMax)) {
      if (!notCounted.has(key)) tags.add(g, week, key, value);
    }
    const hour = new Date(hourOf(event.receivedAt)).toISOString();
    const count = hours.get(`${g}\n${hour}`) ?? { g, hour, count: 0 };
    count.count++;
    hours.set(`${g}\n${hour}`, count);
    if (event.userHash !== undefined) {
      users.set(`${g}\n${event.userHash}`, { g, user_hash: String(event.userHash) });
    }
    return {
      g,
      project_id: event.projectId,
      event_id: dashed(event.eventId),
      received_at: at,
      at: append(segment, event.payload),
      size: event.payload.length,
      ...(event.environment && { environment: tagOf("environment", event.environment) }),
      ...(event.userHash !== undefined && { user_hash: String(event.userHash) }),
    };
  });
  const unknown = new Map<number, number>();
  for (const { g, project_id } of groups.values()) {
    if (!known.has(g)) unknown.set(project_id, (unknown.get(project_id) ?? 0) + 1);
  }
  return {
    segmentId: segment.id,
    groups: [...groups.values()].map(({ description, ...group }) =>
      known.has(group.g) ? group : { ...group, ...description },
    ),
    /** Groups of each project that may come to new issues. */
    unknown,
    /** Hashes of the groups that are not described. */
    reliedOn: [...known.values()],
    tags: tags.all(),
    hours: [...hours.values()],
    users: [...users.values()],
    events: rows,
  };
}
export type IssuePlan = ReturnType<typeof planIssues>;

/**
 * Counts tags per group and week, by their number: two values that share one are one row, so they must be one here.
 * What a new issue of this batch alone would have too much of is left out; the commit does the same for known ones.
 */
function newTagCounts() {
  const counts = new Map<string, TagCount>();
  const rowsOf = new Map<number, number>();
  return {
    add(g: number, week: string, key: string, value: string) {
      const tag = tagOf(key, value);
      const id = `${g}\n${week}\n${tag}`;
      const known = counts.get(id);
      if (known) {
        known.count++;
        return;
      }
      counts.set(id, { g, week, key, value, tag, count: 1 });
      rowsOf.set(g, (rowsOf.get(g) ?? 0) + 1);
    },
    all(): TagCount[] {
      const rows = [...counts.values()];
      // Nearly always: with so few, nothing can be too many.
      if ([...rowsOf.values()].every((number) => number <= personValuesMax)) return rows;
      return withinBounds(rows);
    },
  };
}

function withinBounds(rows: TagCount[]): TagCount[] {
  const taken = new Map<string, number>();
  const take = (slot: string, max: number) => {
    const before = taken.get(slot) ?? 0;
    if (before < max) taken.set(slot, before + 1);
    return before < max;
  };
  const ours = rows.filter(({ key }) => ownTagKeys.has(key));
  const others = rows.filter(({ key }) => !ownTagKeys.has(key));
  return [...ours, ...others].filter(({ g, week, key }) => {
    const ofKey = `${g}\n${week}\n${key}`;
    if (!taken.has(ofKey) && !take(`${g}\n${week}`, tagKeysMax)) return false;
    return take(ofKey, isOfPerson(key) ? personValuesMax : tagValuesMax);
  });
}

function newGroup(g: number, event: DigestedEvent, at: string) {
  const { summary } = event;
  return {
    g,
    org_id: event.orgId,
    project_id: event.projectId,
    hashes: [] as string[],
    level: levelNumber(summary.level),
    /** Of no use to an issue that is there already. */
    description: {
      type: summary.type,
      title: summary.title,
      culprit: summary.culprit,
      metadata: summary.metadata,
      platform: summary.platform,
      logger: summary.logger ?? null,
      grouping: event.grouping.explanation,
      search_text: summary.searchText,
    },
    event_id: event.eventId,
    first_seen: at,
    last_seen: at,
    count: 0,
  };
}

function addToGroup(group: ReturnType<typeof newGroup>, event: DigestedEvent, at: string): void {
  for (const hash of [event.grouping.primary, ...event.grouping.secondary]) {
    if (!group.hashes.includes(hash)) group.hashes.push(hash);
  }
  group.count++;
  if (at < group.first_seen) group.first_seen = at;
  if (at > group.last_seen) group.last_seen = at;
}

/** Number of the group of each event: events of a project that share any hash are one group. */
function unite(events: DigestedEvent[]): number[] {
  const leader = events.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (leader[root] !== root) root = leader[root] ?? root;
    return root;
  };
  const owner = new Map<string, number>();
  for (const [index, { projectId, grouping }] of events.entries()) {
    for (const hash of [grouping.primary, ...grouping.secondary]) {
      const key = `${projectId}:${hash}`;
      const other = owner.get(key);
      if (other === undefined) owner.set(key, index);
      else {
        const [low, high] = [find(other), find(index)].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        leader[high] = low;
      }
    }
  }
  return events.map((_, index) => find(index));
}
