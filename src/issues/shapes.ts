import { levelName } from "../protocol/level";
import type { IssueRow, TagRow } from "./queries";
import type { Issue, IssueDetail, IssueTag } from "./schemas";
import { shortIdOf } from "./short-id";

const hoursShown = 24;
const hourSeconds = 3600;

export type IssueContext = { publicUrl: string; now: Date; matchingEventId?: string };

export const toIssue =
  ({ publicUrl, now, matchingEventId }: IssueContext) =>
  (row: IssueRow): Issue => ({
    id: row.id,
    shortId: shortIdOf({ slug: row.projectSlug, number: row.shortNumber }),
    title: row.title,
    culprit: row.culprit,
    type: row.type,
    level: levelName(row.level),
    status: row.status,
    statusDetails: {},
    metadata: row.metadata,
    project: {
      id: row.projectId,
      slug: row.projectSlug,
      name: row.projectName,
      platform: row.projectPlatform,
    },
    count: String(row.eventCount),
    userCount: row.userCount,
    numComments: 0,
    stats: { "24h": everyHour(row.hours, now) },
    firstSeen: trimMicros(row.firstSeenAt),
    lastSeen: trimMicros(row.lastSeenAt),
    permalink: `${publicUrl}/${row.orgSlug}/issues/${row.id}`,
    logger: row.logger,
    shareId: null,
    subscriptionDetails: null,
    matchingEventId: matchingEventId ?? null,
  });

export const toIssueDetail =
  (context: IssueContext) =>
  (row: IssueRow): IssueDetail => ({ ...toIssue(context)(row), userReportCount: 0 });

/** `.000000` goes, other fractions stay. */
export const trimMicros = (iso: string) => iso.replace(/\.000000Z$/, "Z");

/** A day of whole hours, those without events as zero, oldest first. */
function everyHour(known: [number, number][], now: Date): [number, number][] {
  const counts = new Map(known.map(([hour, count]) => [Number(hour), count]));
  const last = Math.floor(+now / 1000 / hourSeconds) * hourSeconds;
  return Array.from({ length: hoursShown }, (_, index): [number, number] => {
    const hour = last - (hoursShown - 1 - index) * hourSeconds;
    return [hour, counts.get(hour) ?? 0];
  });
}

export function toIssueTags(rows: TagRow[]): IssueTag[] {
  return [...Map.groupBy(rows, ({ key }) => key)].map(([key, values]) => ({
    key,
    name: key,
    uniqueValues: values[0]?.distinct ?? 0,
    totalValues: values[0]?.total ?? 0,
    topValues: values.map(({ value, count }) => ({ name: value, value, count, key })),
  }));
}
