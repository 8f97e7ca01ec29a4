import { z } from "@hono/zod-openapi";
import { listFixed, withFixed } from "../protocol/fixed-fields";
import { boolean } from "../protocol/lenient";
import { momentCharsMax } from "../protocol/moment";
import { idMax, idPattern } from "../protocol/row-id";
import { issueStatuses } from "./schemas";

/** Ten years, and for windows a week. */
const minutesMax = 10 * 366 * 24 * 60;
const windowMinutesMax = 7 * 24 * 60;
const countMax = 1_000_000;
const versionCharsMax = 250;
const commitCharsMax = 200;

const minutes = (max: number) => z.number().int().min(1).max(max).nullish();
const count = z.number().int().min(1).max(countMax).nullish();

/** What ends a status: the same in `statusDetails` and beside `status`. */
const conditions = {
  inNextRelease: z.boolean().nullish().describe("Resolved in the release after the latest one"),
  inRelease: z
    .string()
    .min(1)
    .max(versionCharsMax)
    .nullish()
    .describe("Resolved in this release, or in `latest`: a later one brings it back"),
  inCommit: z
    .union([
      z.string().min(1).max(commitCharsMax),
      z.object({
        commit: z.string().min(1).max(commitCharsMax),
        repository: z.string().max(commitCharsMax).nullish(),
      }),
    ])
    .nullish(),
  ignoreDuration: minutes(minutesMax).describe("Ignored for so many minutes"),
  ignoreCount: count.describe("Until so many more events"),
  ignoreWindow: minutes(windowMinutesMax).describe("ignoreCount events within so many minutes"),
  ignoreUserCount: count.describe("Until so many people are affected"),
  ignoreUserWindow: minutes(windowMinutesMax),
  ignoreUntilNext: z.boolean().nullish().describe("Until the next event"),
};

/** What answers say is taken back unread, so that whoever sends what was read changes nothing by it. */
const shown = z.unknown().optional();

const StatusDetailsUpdate = z.strictObject({
  ...conditions,
  ignoreUntil: z.iso
    .datetime({ offset: true })
    .max(momentCharsMax)
    .nullish()
    .describe("Until then"),
  ignoreUntilEscalating: z.boolean().nullish(),
  actor: shown,
  currentRelease: shown,
  eventsSince: shown,
});
export type StatusDetailsUpdate = z.output<typeof StatusDetailsUpdate>;

const fixedIssue = {
  discard: false,
};

const changeable = {
  status: z
    .enum([...issueStatuses, "muted", "resolvedInNextRelease"])
    .optional()
    .describe("muted means ignored; resolvedInNextRelease is resolved with inNextRelease"),
  statusDetails: StatusDetailsUpdate.nullish().describe("What ends the status"),
  ...conditions,
  snoozeDuration: minutes(minutesMax).describe("ignoreDuration"),
  substatus: z
    .enum([
      "archived_until_escalating",
      "archived_until_condition_met",
      "archived_forever",
      "ongoing",
      "new",
      "regressed",
      "escalating",
    ])
    .nullish()
    .describe("archived_… with ignored; ongoing: reviewed; others follow the status"),
  assignedTo: z
    .union([z.string().max(320), z.number().int().max(Number.MAX_SAFE_INTEGER).transform(String)])
    .nullish()
    .describe(
      "user:<id>, team:<id or slug>, an address or me: a member, or a team with the project; null or nothing: nobody",
    ),
  inbox: z
    .boolean()
    .nullish()
    .describe("Whatever it is: it was reviewed, so an unresolved issue is ongoing"),
  priority: z
    .enum(["high", "medium", "low"])
    .nullish()
    .describe("null: as it follows from level, people and whether anybody caught it"),
  isPublic: boolean()
    .optional()
    .describe("Whether anybody may see it who has its address; the answer has the shareId"),
  hasSeen: boolean().optional().describe("By the caller"),
  isBookmarked: boolean().optional().describe("By the caller"),
  isSubscribed: boolean().optional().describe("The caller follows it, or chose not to"),
};

const fixedOfOne = { ...fixedIssue, merge: undefined };

export const IssueUpdate = withFixed(fixedOfOne, z.object(changeable)).openapi("IssueUpdate", {
  description: listFixed(fixedOfOne),
});
export type IssueUpdate = z.output<typeof IssueUpdate>;
export type StatusUpdate = Omit<
  IssueUpdate,
  "assignedTo" | "priority" | "isPublic" | "hasSeen" | "isBookmarked" | "isSubscribed"
>;

export const IssuesUpdate = withFixed(
  fixedIssue,
  z.object({
    ...changeable,
    merge: z
      .union([z.boolean(), z.literal([0, 1])])
      .nullish()
      .describe(
        "true or 1: makes the issues one that the query names by id. Nothing else is changed with it",
      ),
    mergeInto: z
      .union([z.string().max(15).regex(idPattern), z.number().int().max(idMax)])
      .transform(Number)
      .nullish()
      .describe("With merge: the issue that stays; else the oldest does"),
  }),
).openapi("IssuesUpdate", { description: listFixed(fixedIssue) });
