import { createHash } from "node:crypto";
import { levelNumber } from "../protocol/level";
import type { DigestedEvent } from "./digested-event";
import type { Grouping } from "./grouping/grouping";
import type { Leading } from "./leading-hashes";

/** Events of a batch that are of one issue. */
export type EventGroup = {
  g: number;
  first: DigestedEvent;
  /** Received last: what the issue is called by. */
  newest: DigestedEvent;
  grouping: Grouping;
  hashes: string[];
  beside: string[];
  /** The worst. */
  level: number;
  firstSeen: number;
  lastSeen: number;
  count: number;
};

/** A hash by which a group finds its issue, with the label of that. */
export type KnownGroup = {
  projectId: number;
  hash: string;
  issueId: string;
  label: string | null;
  /** Whether it was unresolved when it was read. */
  isOpen: boolean;
};

export const newGroup = (g: number, event: DigestedEvent, { grouping }: Leading): EventGroup => ({
  g,
  first: event,
  newest: event,
  grouping,
  hashes: [],
  beside: [],
  level: levelNumber(event.summary.level),
  firstSeen: event.receivedAt,
  lastSeen: event.receivedAt,
  count: 0,
});

export function addToGroup(
  group: EventGroup,
  event: DigestedEvent,
  { hashes, beside }: Pick<Leading, "hashes" | "beside">,
): void {
  for (const hash of hashes) if (!group.hashes.includes(hash)) group.hashes.push(hash);
  for (const hash of beside) if (!group.beside.includes(hash)) group.beside.push(hash);
  group.count++;
  group.level = Math.max(group.level, levelNumber(event.summary.level));
  if (event.receivedAt >= group.lastSeen) group.newest = event;
  group.firstSeen = Math.min(group.firstSeen, event.receivedAt);
  group.lastSeen = Math.max(group.lastSeen, event.receivedAt);
}

/** What the database hears of a group: how it is called only where its issue is new, or called otherwise. */
export function rowOfGroup(group: EventGroup, known: KnownGroup | undefined) {
  const { g, first, newest, beside } = group;
  const label = labelOf(newest.summary);
  return {
    g,
    org_id: first.orgId,
    project_id: first.projectId,
    hashes: group.hashes,
    ...(beside.length > 0 && { beside }),
    level: group.level,
    label,
    event_id: first.eventId,
    first_seen: new Date(group.firstSeen).toISOString(),
    last_seen: new Date(group.lastSeen).toISOString(),
    count: group.count,
    ...(known?.label !== label && nameOf(newest.summary)),
    ...(!known && description(group)),
  };
}

const nameOf = ({
  type,
  title,
  culprit,
  metadata,
}: Pick<DigestedEvent["summary"], "type" | "title" | "culprit" | "metadata">) => ({
  type,
  title,
  culprit,
  metadata,
});

const description = ({ first, newest, grouping }: EventGroup) => ({
  platform: first.summary.platform,
  logger: first.summary.logger ?? null,
  grouping: grouping.explanation,
  search_text: [...new Set([first.summary.searchText, newest.summary.searchText])].join("\n"),
});

/** What an issue is called as one number of 64 bits: equal where nothing of it differs. */
export const labelOf = (
  summary: Pick<DigestedEvent["summary"], "type" | "title" | "culprit" | "metadata">,
): string =>
  String(
    createHash("md5")
      .update(JSON.stringify(nameOf(summary)))
      .digest()
      .readBigInt64BE(),
  );
