import type { Tag } from "../events/normal-event";
import { firstTags } from "../events/tags";
import { dashed } from "../platform/ids";
import { append, type Segment } from "../platform/segment";
import { hourOf, weekOf } from "../protocol/durations";
import { ownTagKeys } from "../protocol/own-tags";
import type { DigestedEvent } from "./digested-event";
import { addToGroup, type EventGroup, type KnownGroup, newGroup, rowOfGroup } from "./event-group";
import { primariesOf } from "./grouping/grouping";
import { hashNumber } from "./hash-number";
import { type Leading, leadingHashes } from "./leading-hashes";
import type { OwnedEvent } from "./owned-queries";
import { arrivalsOf } from "./plan-arrivals";
import { type KnownTexts, newTexts } from "./plan-texts";
import {
  isOfPerson,
  personValuesMax,
  type TagCount,
  tagKeysMax,
  tagOf,
  tagValuesMax,
} from "./tag-queries";
import { uniteEvents } from "./unite-events";
import type { Whose } from "./whose";

/** What was read before a batch is planned. */
export type KnownOfBatch = {
  /** Issues that hashes lead to, by `<project>:<hash>`. */
  knownHashes: ReadonlyMap<string, KnownHash>;
  projectsOnG1: ReadonlySet<number>;
};

/** What goes on by a hash of g1 is found by that alone. */
const followed = ({ hashes }: Leading) => ({ hashes: [], beside: hashes });

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

/** Tags of an event that are counted with its issue. */
export const countedTags = (tags: Tag[]): Tag[] =>
  firstTags(tags, issueTagsMax).filter(([key]) => !notCounted.has(key));

/** The issue that a hash leads to, and what is known of its texts. */
export type KnownHash = {
  issueId: string;
  /** Hash of what it is called; null of one that nobody named since there are such hashes. */
  label: string | null;
  /** Whether it was unresolved. */
  isOpen: boolean;
  texts: KnownTexts | undefined;
};

/**
 * Folds a batch into what the database needs to hear: groups of events that share a hash, with tags, hours and
 * people counted once each. Which issue a group belongs to is decided in the commit, under the project's lock. Groups
 * with a known hash are not described, and only named where they are named otherwise than their issue: that is nine
 * tenths of what there would be to send. The payloads are appended to the segment.
 */
export function planIssues(
  events: DigestedEvent[],
  segment: Segment,
  { knownHashes, projectsOnG1 }: KnownOfBatch,
) {
  const isKnown = (projectId: number, hash: string) => knownHashes.has(`${projectId}:${hash}`);
  const leadings = events.map(({ projectId, groupings }) =>
    leadingHashes(groupings, projectsOnG1.has(projectId), (hash) => isKnown(projectId, hash)),
  );
  const projectIds = events.map(({ projectId }) => projectId);
  const groupOf = uniteEvents(
    projectIds,
    leadings,
    (projectId, hash) => knownHashes.get(`${projectId}:${hash}`)?.issueId,
  );
  const goesOn = new Set(groupOf.filter((_, index) => leadings[index]?.isByFormer));
  const groups = new Map<number, EventGroup>();
  const tags = newTagCounts();
  const hours = new Map<string, { g: number; hour: string; count: number }>();
  const known = new Map<number, KnownGroup>();
  const texts = newTexts();
  const users = new Map<string, { g: number; user_hash: string }>();
  const rows = events.map((event, index) => {
    const g = groupOf[index] ?? index;
    const leading = leadings[index] ?? leadingHashes(event.groupings, false, () => false);
    const at = new Date(event.receivedAt).toISOString();
    const group = groups.get(g) ?? newGroup(g, event, leading);
    groups.set(g, group);
    addToGroup(group, event, goesOn.has(g) && !leading.isByFormer ? followed(leading) : leading);
    const [hash = ""] = leading.hashes;
    const led = knownHashes.get(`${event.projectId}:${hash}`);
    if (led) {
      const { issueId, label, isOpen } = led;
      known.set(g, { projectId: event.projectId, hash, issueId, label, isOpen });
    }
    texts.add(g, event, primariesOf(event.groupings), led?.texts);

    const week = new Date(weekOf(event.receivedAt)).toISOString();
    for (const [key, value] of countedTags(event.summary.tags)) tags.add(g, week, key, value);
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
      ...(hash && { hash: hashNumber(hash) }),
      ...(event.environment && { environment: tagOf("environment", event.environment) }),
      ...(event.userHash !== undefined && { user_hash: String(event.userHash) }),
    };
  });
  const unknown = new Map<number, number>();
  for (const { g, first } of groups.values()) {
    const { projectId } = first;
    if (!known.has(g)) unknown.set(projectId, (unknown.get(projectId) ?? 0) + 1);
  }
  return {
    segmentId: segment.id,
    groups: [...groups.values()].map((group) => rowOfGroup(group, known.get(group.g))),
    /** Groups of each project that may come to new issues. */
    unknown,
    /** First events of groups that may come to new issues, which somebody looks after. */
    owned: [...groups.values()].flatMap((group) =>
      known.has(group.g) || !group.first.whose ? [] : ownedOf(group.first, group.first.whose()),
    ),
    arrivals: arrivalsOf(events, groupOf, groups, known),
    /** Hashes of the groups that are not described. */
    reliedOn: [...known.values()],
    tags: tags.all(),
    texts: texts.plan(),
    hours: [...hours.values()],
    users: [...users.values()],
    events: rows,
  };
}

const ownedOf = (
  { projectId, eventId, receivedAt }: DigestedEvent,
  { assigns, owners }: Whose,
): OwnedEvent[] =>
  owners.length === 0
    ? []
    : [
        {
          project_id: projectId,
          event_id: dashed(eventId),
          received_at: new Date(receivedAt).toISOString(),
          assigns,
          owners: owners.map(({ memberId, teamId, rule, data }) => ({
            member_id: memberId,
            team_id: teamId,
            rule,
            data,
          })),
        },
      ];

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
