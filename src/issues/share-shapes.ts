import { z } from "@hono/zod-openapi";
import type { Exception } from "../events/exceptions";
import type { StoredEvent } from "../events/payload";
import { toIso } from "../events/time";
import { levelName } from "../protocol/level";
import { Issue } from "./schemas";
import { trimMicros } from "./shapes";
import type { SharedIssue } from "./share";
import { shortIdOf } from "./short-id";

const exceptionsMax = 5;
const framesMax = 50;
const textCharsMax = 2000;

const SharedFrame = z.object({
  function: z.string().nullable(),
  module: z.string().nullable(),
  filename: z.string().nullable(),
  lineNo: z.number().nullable(),
  inApp: z.boolean(),
});

const SharedException = z.object({
  type: z.string().nullable(),
  value: z.string().nullable(),
  frames: z.array(SharedFrame).describe("The failing one first"),
});

export type SharedException = z.infer<typeof SharedException>;

export const SharedIssueView = z
  .object({
    groupID: z.string(),
    shareId: z.string(),
    isPublic: z.literal(true),
    shortId: z.string(),
    ...Issue.pick({
      title: true,
      culprit: true,
      type: true,
      level: true,
      status: true,
      count: true,
      userCount: true,
      firstSeen: true,
      lastSeen: true,
    }).shape,
    project: z.object({ slug: z.string(), name: z.string() }),
    latestEvent: z
      .object({
        dateCreated: z.iso.datetime(),
        platform: z.string().nullable(),
        message: z.string().nullable(),
        exceptions: z.array(SharedException).describe("The one thrown last first"),
      })
      .nullable()
      .describe("null: it is no longer kept"),
  })
  .openapi("SharedIssue", {
    description:
      "What anybody may see who has the address: no tag, user, request, variable, source line or breadcrumb",
  });
export type SharedIssueView = z.infer<typeof SharedIssueView>;

/** Named one by one: what is added to issues and events later is not public by that. */
export const toSharedIssue = (shareId: string, { issue, event }: SharedIssue): SharedIssueView => ({
  groupID: issue.id,
  shareId,
  isPublic: true,
  shortId: shortIdOf({ slug: issue.projectSlug, number: issue.shortNumber }),
  title: issue.title,
  culprit: issue.culprit,
  type: issue.type,
  level: levelName(issue.level),
  status: issue.status,
  count: issue.eventCount,
  userCount: issue.userCount,
  firstSeen: trimMicros(issue.firstSeenAt),
  lastSeen: trimMicros(issue.lastSeenAt),
  project: { slug: issue.projectSlug, name: issue.projectName },
  latestEvent: event ? toSharedEvent(event) : null,
});

const toSharedEvent = (event: StoredEvent) => ({
  dateCreated: toIso(event.timestamp),
  platform: event.platform ?? null,
  message: event.logentry?.formatted?.slice(0, textCharsMax) ?? null,
  exceptions: (event.exception?.values ?? []).slice(-exceptionsMax).toReversed().map(toException),
});

const toException = ({ type, value, stacktrace }: Exception) => ({
  type: type ?? null,
  value: value?.slice(0, textCharsMax) ?? null,
  frames: (stacktrace?.frames ?? [])
    .slice(-framesMax)
    .toReversed()
    .map((frame) => ({
      function: frame.function ?? null,
      module: frame.module ?? null,
      filename: frame.filename ?? null,
      lineNo: frame.lineno ?? null,
      inApp: frame.in_app ?? false,
    })),
});
