import type { stateRules, substatuses } from "../../drizzle/schema/states";
import { Fault } from "../fault";
import { minuteMs } from "../protocol/durations";
import type { ReleaseOrder } from "../releases/release-order";
import type { ActivityKind } from "./activity-queries";
import type { IssueUpdate, StatusDetailsUpdate, StatusUpdate } from "./update-shapes";

export type Status = "unresolved" | "resolved" | "ignored";
export type StateRule = (typeof stateRules)[number];
export type StoredSubstatus = (typeof substatuses)[number];

/** What ends a status. */
export type Rule =
  | { kind: "release"; version: string }
  | { kind: "next_release" }
  | { kind: "commit"; commit: string; repository: string | null }
  | { kind: "time"; until: Date }
  | { kind: "events" | "users"; wanted: number; windowMinutes: number | null }
  | { kind: "next_event" };

/** A status as a client wants it. */
export type WantedState = {
  status: Status;
  substatus: StoredSubstatus | null;
  rule: Rule | null;
  /** Of unresolved issues alone: somebody looked at them. */
  isReview?: boolean;
};

/** A status with what ends it, as it is written down. */
export type WantedCells = {
  status: Status;
  substatus: StoredSubstatus | null;
  rule: StateRule | null;
  release: string | null;
  /** How the release is compared with others; null: by when they were first seen. */
  order: ReleaseOrder | null;
  commit: string | null;
  repository: string | null;
  until: Date | null;
  wanted: number | null;
  windowMinutes: number | null;
  isReview: boolean;
};

/** Events or people within a window are looked at one by one. */
export const windowedMax = 10_000;

/**
 * What a body says of the status: its word, what stands in `statusDetails` or beside it, and the substatus. undefined: it
 * says nothing of it. Faults: invalid, for what does not go together.
 */
export function wantedState(update: StatusUpdate, now: Date): WantedState | undefined {
  const { status: word, substatus } = update;
  const details = merged(update);
  if (word === "resolvedInNextRelease") details.inNextRelease = true;
  const [resolution, ...moreResolutions] = resolutionsOf(details);
  const [archive, ...moreArchives] = archivesOf(details, now);
  if (moreResolutions.length > 0) throw invalid("an issue is resolved in one release or commit");
  if (moreArchives.length > 0) throw invalid("one condition ends what is ignored, not two");
  const status = word === undefined ? undefined : statusOf(word);
  if (resolution && status !== "resolved")
    throw invalid("inRelease, inNextRelease and inCommit need the status resolved");
  if (archive && status !== "ignored") throw invalid("conditions need the status ignored");
  const isArchive = substatus?.startsWith("archived_") ?? false;
  if (substatus && isArchive !== (status === "ignored"))
    if (isArchive || status !== undefined) throw invalid("substatus does not go with this status");
  const isReviewed = typeof update.inbox === "boolean";
  if (status === undefined) {
    return isReviewed
      ? { status: "unresolved", substatus: "ongoing", rule: null, isReview: true }
      : undefined;
  }
  if (status === "ignored") {
    return { status, substatus: archivedAs(substatus, archive), rule: archive?.rule ?? null };
  }
  if (status === "unresolved") {
    const isOngoing = substatus === "ongoing" || isReviewed;
    return { status, substatus: isOngoing ? "ongoing" : null, rule: null };
  }
  if (substatus) throw invalid("substatus does not go with this status");
  return { status, substatus: null, rule: resolution ?? null };
}

/** What is written down of a change to a status, in the words of Sentry's clients. */
export function happeningOf(cells: WantedCells): { kind: ActivityKind; data: object } {
  const { status, substatus, rule, release, wanted, windowMinutes } = cells;
  if (status === "unresolved")
    return substatus === "ongoing"
      ? { kind: "mark_reviewed", data: {} }
      : { kind: "set_unresolved", data: {} };
  switch (rule) {
    case "release":
      return { kind: "set_resolved_in_release", data: { version: release } };
    case "next_release":
      // Which one it will be nobody knows yet.
      return {
        kind: "set_resolved_in_release",
        data: { version: "", current_release_version: release },
      };
    case "commit":
      return {
        kind: "set_resolved_in_commit",
        data: { commit: cells.commit, repository: cells.repository },
      };
    case "time":
      return { kind: "set_ignored", data: { ignoreUntil: cells.until } };
    case "events":
      return {
        kind: "set_ignored",
        data: { ignoreCount: wanted, ...(windowMinutes && { ignoreWindow: windowMinutes }) },
      };
    case "users":
      return {
        kind: "set_ignored",
        data: {
          ignoreUserCount: wanted,
          ...(windowMinutes && { ignoreUserWindow: windowMinutes }),
        },
      };
    case "next_event":
      return { kind: "set_ignored", data: { ignoreUntilNext: true } };
    case null:
      if (status === "resolved") return { kind: "set_resolved", data: {} };
      return {
        kind: "set_ignored",
        data: substatus === "archived_until_escalating" ? { ignoreUntilEscalating: true } : {},
      };
  }
}

/** What a body asks for. Faults: invalid, for what does not go together. */
export const changeOf = (update: IssueUpdate, now: Date) => ({
  state: wantedState(update, now),
  assignedTo: update.assignedTo,
  priority: update.priority,
  isPublic: update.isPublic,
  hasSeen: update.hasSeen,
  isBookmarked: update.isBookmarked,
  isSubscribed: update.isSubscribed,
});

function statusOf(word: NonNullable<StatusUpdate["status"]>): Status {
  if (word === "muted") return "ignored";
  return word === "resolvedInNextRelease" ? "resolved" : word;
}

const invalid = (words: string) => new Fault("invalid", words);

/** Clients send the same beside the status as in its details. */
function merged({ statusDetails, ...update }: StatusUpdate): StatusDetailsUpdate {
  const details: StatusDetailsUpdate = { ...statusDetails };
  const set = <N extends keyof StatusDetailsUpdate>(
    name: N,
    value: StatusDetailsUpdate[N] | null,
  ) => {
    if (value === undefined || value === null) return;
    const other = details[name];
    if (other !== undefined && other !== null && JSON.stringify(other) !== JSON.stringify(value))
      throw invalid(`${name} is said twice`);
    details[name] = value;
  };
  set("inNextRelease", update.inNextRelease);
  set("inRelease", update.inRelease);
  set("inCommit", update.inCommit);
  set("ignoreDuration", update.ignoreDuration ?? update.snoozeDuration);
  set("ignoreCount", update.ignoreCount);
  set("ignoreWindow", update.ignoreWindow);
  set("ignoreUserCount", update.ignoreUserCount);
  set("ignoreUserWindow", update.ignoreUserWindow);
  set("ignoreUntilNext", update.ignoreUntilNext);
  return details;
}

function resolutionsOf({ inNextRelease, inRelease, inCommit }: StatusDetailsUpdate): Rule[] {
  return [
    ...(inNextRelease ? [{ kind: "next_release" as const }] : []),
    ...(inRelease ? [{ kind: "release" as const, version: inRelease }] : []),
    ...(inCommit ? [commitOf(inCommit)] : []),
  ];
}

const commitOf = (inCommit: NonNullable<StatusDetailsUpdate["inCommit"]>): Rule =>
  typeof inCommit === "string"
    ? { kind: "commit", commit: inCommit, repository: null }
    : { kind: "commit", commit: inCommit.commit, repository: inCommit.repository ?? null };

/** Without a rule: until it escalates. */
type Archive = { substatus: StoredSubstatus; rule: Rule | null };

function archivesOf(details: StatusDetailsUpdate, now: Date): Archive[] {
  const { ignoreDuration, ignoreUntil, ignoreUntilNext, ignoreUntilEscalating } = details;
  const until = ignoreUntil ? new Date(ignoreUntil) : undefined;
  const ends = ignoreDuration ? new Date(+now + ignoreDuration * minuteMs) : until;
  if (ignoreDuration && until) throw invalid("one condition ends what is ignored, not two");
  if (ends && +ends <= +now) throw invalid("ignoreUntil is over");
  const rules: Rule[] = [
    ...(ends ? [{ kind: "time" as const, until: ends }] : []),
    ...counted("events", details.ignoreCount, details.ignoreWindow),
    ...counted("users", details.ignoreUserCount, details.ignoreUserWindow),
    ...(ignoreUntilNext ? [{ kind: "next_event" as const }] : []),
  ];
  return [
    ...rules.map((rule) => ({ substatus: "archived_until_condition_met" as const, rule })),
    ...(ignoreUntilEscalating
      ? [{ substatus: "archived_until_escalating" as const, rule: null }]
      : []),
  ];
}

function counted(
  kind: "events" | "users",
  wanted: number | null | undefined,
  window: number | null | undefined,
): Rule[] {
  if (!wanted) {
    if (window) throw invalid("a window needs its count");
    return [];
  }
  // People are always looked at one by one.
  if ((window || kind === "users") && wanted > windowedMax)
    throw invalid(`at most ${windowedMax} people, or events within a window, can be waited for`);
  return [{ kind, wanted, windowMinutes: window || null }];
}

function archivedAs(
  substatus: StatusUpdate["substatus"],
  archive: Archive | undefined,
): StoredSubstatus {
  const meant = archive?.substatus;
  const said = substatus as StoredSubstatus | null | undefined;
  if (said && meant && said !== meant) throw invalid("the condition does not go with substatus");
  if (said === "archived_until_condition_met" && !archive)
    throw invalid("archived_until_condition_met needs its condition");
  return said ?? meant ?? "archived_forever";
}
