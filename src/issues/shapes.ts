import type { Caller } from "../access/caller";
import { type Speaking, speaksSentry, widen } from "../access/speaking";
import { dayOf, daySeconds, hourOf, hourSeconds, secondMs, weekMs } from "../protocol/durations";
import { levelName } from "../protocol/level";
import type { Inside } from "./inside-filter";
import { toMarks } from "./marks";
import type { IssueRow, TagRow } from "./queries";
import type { Assignee, Issue, IssueDetail, IssueTag } from "./schemas";
import { shortIdOf } from "./short-id";
import { toStatusDetails } from "./status-shapes";

const hoursShown = 24;

export const daysShown = 14;

export type IssueContext = {
  publicUrl: string;
  now: Date;
  matchingEventId?: string;
  /** The hours of two weeks are known. */
  hasWeeks?: boolean;
  /** The numbers inside the filter of a list, which the row then shows. */
  inside?: Inside;
};

export const toIssue =
  (context: IssueContext) =>
  (row: IssueRow): Issue => {
    const issue = toWholeIssue(context, row);
    return context.inside ? { ...issue, ...toInside(issue, context.inside, context) } : issue;
  };

/** What a row of a list says otherwise, where its numbers are those inside a filter. */
function toInside(whole: Issue, inside: Inside, { now, hasWeeks }: IssueContext): Partial<Issue> {
  const { count, userCount, firstSeen, lastSeen, stats } = whole;
  const numbers = {
    count: String(inside.count),
    userCount: inside.userCount,
    firstSeen: inside.firstSeen === null ? firstSeen : trimMicros(inside.firstSeen),
    lastSeen: inside.lastSeen === null ? lastSeen : trimMicros(inside.lastSeen),
    stats: inside.hours ? statsOf(inside.hours, now, hasWeeks) : stats,
  };
  return {
    ...numbers,
    lifetime: { count, userCount, firstSeen, lastSeen, stats },
    filtered: numbers,
    isEstimate: inside.isCapped,
  };
}

function statsOf(hours: [number, number][], now: Date, hasWeeks = false): Issue["stats"] {
  return {
    "24h": everyHour(hours, now),
    ...(hasWeeks && { "14d": everyDay(hours, now, daysShown) }),
  };
}

function toWholeIssue(
  { publicUrl, now, matchingEventId, hasWeeks }: IssueContext,
  row: IssueRow,
): Issue {
  return {
    id: row.id,
    shortId: shortIdOf({ slug: row.projectSlug, number: row.shortNumber }),
    title: row.title,
    culprit: row.culprit,
    type: row.type,
    level: levelName(row.level),
    status: row.status,
    statusDetails: toStatusDetails(row.state, Number(row.eventCount)),
    metadata: row.metadata,
    project: {
      id: row.projectId,
      slug: row.projectSlug,
      name: row.projectName,
      platform: row.projectPlatform,
    },
    count: String(row.eventCount),
    userCount: row.userCount,
    numComments: row.comments,
    stats: statsOf(row.hours, now, hasWeeks),
    firstSeen: trimMicros(row.firstSeenAt),
    lastSeen: trimMicros(row.lastSeenAt),
    permalink: permalinkOf(publicUrl, row),
    logger: row.logger,
    shareId: row.shareId,
    ...toMarks(row.marks),
    matchingEventId: matchingEventId ?? null,
    assignedTo: row.assignee && toAssignee(row.assignee),
    suggestedOwners: row.suggested.map((owner) => ({ ...toAssignee(owner), rule: owner.rule })),
    isUnhandled: row.isUnhandled,
    substatus: substatusOf(row, now),
    priority: priorityName(row.priority),
    priorityLockedAt: row.priorityLockedAt && trimMicros(row.priorityLockedAt),
    environments: row.environments,
  };
}

/** Without a name people are called by their address. */
export const toAssignee = ({ type, id, name, email }: Assignee): Assignee => ({
  type,
  id,
  name: name || (email ?? ""),
  ...(email !== undefined && { email }),
});

export const toIssueDetail =
  (context: IssueContext) =>
  (row: IssueRow): IssueDetail => ({ ...toIssue(context)(row), userReportCount: 0 });

/** Where a person finds an issue. */
export const permalinkOf = (publicUrl: string, { orgSlug, id }: Pick<IssueRow, "orgSlug" | "id">) =>
  `${publicUrl}/${orgSlug}/issues/${id}`;

/** `.000000` goes, other fractions stay. */
export const trimMicros = (iso: string) => iso.replace(/\.000000Z$/, "Z");

/** A day of whole hours, those without events as zero, oldest first. */
function everyHour(known: [number, number][], now: Date): [number, number][] {
  const counts = new Map(known.map(([hour, count]) => [Number(hour), count]));
  const last = hourOf(+now) / secondMs;
  return Array.from({ length: hoursShown }, (_, index): [number, number] => {
    const hour = last - (hoursShown - 1 - index) * hourSeconds;
    return [hour, counts.get(hour) ?? 0];
  });
}

/** The days of two weeks, today the last one, of hours that are known. */
function everyDay(hours: [number, number][], now: Date, days: number): [number, number][] {
  const counts = new Map<number, number>();
  for (const [hour, count] of hours) {
    const day = dayOf(Number(hour) * secondMs) / secondMs;
    counts.set(day, (counts.get(day) ?? 0) + count);
  }
  const today = dayOf(+now) / secondMs;
  return Array.from({ length: days }, (_, index): [number, number] => {
    const day = today - (days - 1 - index) * daySeconds;
    return [day, counts.get(day) ?? 0];
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

/** What Sentry's clients read beyond GlitchTip's fields: a feature that we do not have is false or empty. */
const issueExtras = (issue: Issue) => ({
  isPublic: issue.shareId !== null,
  platform: issue.project.platform,
  issueType: issue.type === "csp" ? "csp" : "error",
  issueCategory: "error",
  annotations: [],
  pluginActions: [],
  pluginIssues: [],
  integrationIssues: [],
  sentryAppIssues: [],
  latestEventHasAttachments: false,
  seerFixabilityScore: null,
  seerAutofixLastTriggered: null,
  owners:
    issue.suggestedOwners.length === 0
      ? null
      : issue.suggestedOwners.map(({ type, id }) => ({
          type: "ownershipRule",
          owner: `${type}:${id}`,
          date_added: issue.firstSeen,
        })),
  inbox: null,
  filtered: issue.filtered ?? null,
  sessionCount: 0,
  lifetime: issue.lifetime ?? {
    count: issue.count,
    userCount: issue.userCount,
    firstSeen: issue.firstSeen,
    lastSeen: issue.lastSeen,
    stats: {},
  },
  activity: [],
  participants: [],
  seenBy: [],
  pluginContexts: [],
});

/** An issue is new, or came back, for so long. */
const newForMs = weekMs;

/** As src/issues/search/condition-queries.ts tells it. */
function substatusOf({ status, firstSeenAt, state }: IssueRow, now: Date): Issue["substatus"] {
  const substatus = state?.substatus ?? null;
  if (status === "resolved") return null;
  if (status === "ignored") {
    return substatus === "archived_until_escalating" || substatus === "archived_until_condition_met"
      ? substatus
      : "archived_forever";
  }
  const isRecent = (moment: string) => +now - +new Date(moment) < newForMs;
  if (substatus === "escalating" || substatus === "ongoing") return substatus;
  if (state && substatus === "regressed" && isRecent(state.since)) return "regressed";
  return substatus !== "regressed" && isRecent(firstSeenAt) ? "new" : "ongoing";
}

function priorityName(number: number): Issue["priority"] {
  if (number > 2) return "high";
  return number === 2 ? "medium" : "low";
}

/** Issues as the caller's dialect says them. */
export const speakOfIssue = <T extends Issue>(speaking: Speaking, shape: T): T =>
  widen(speaking, shape, () => issueExtras(shape));

/** What a list is searched by where nothing is asked for: Sentry's clients mean what is open, GlitchTip's everything. */
export const absentQuery = (caller: Pick<Caller, "dialect">): string | undefined =>
  speaksSentry(caller) ? "is:unresolved" : undefined;

/** Sentry's clients read an issue's activity in its detail; others ask for it. */
export const hasActivity = (caller: Pick<Caller, "dialect">): boolean => speaksSentry(caller);

/** A name that nobody has: Sentry says that the body is wrong, GlitchTip that nobody was found. */
export const unknownAssignee = (caller: Pick<Caller, "dialect">): "invalid" | "not_found" =>
  speaksSentry(caller) ? "invalid" : "not_found";

/** Where there is no release, a resolution in the next one is wrong for Sentry, and for GlitchTip one from now on. */
export const needsRelease = (caller: Pick<Caller, "dialect">): boolean => speaksSentry(caller);

/** Sentry says that a deletion is taken on, GlitchTip that it is done. */
export const deletedStatus = (caller: Pick<Caller, "dialect">): 202 | 204 =>
  speaksSentry(caller) ? 202 : 204;

/** A change that finds no issue: Sentry's clients read that there is nothing to read, others how many. */
export const saysNothing = (caller: Pick<Caller, "dialect">): boolean => speaksSentry(caller);
