import { z } from "@hono/zod-openapi";

export const issueStatuses = ["unresolved", "resolved", "ignored"] as const;

const Assignee = z
  .object({
    type: z.enum(["user", "team"]),
    id: z.string(),
    name: z.string(),
    email: z.string().optional().describe("Of a person"),
  })
  .openapi("IssueAssignee");
export type Assignee = z.infer<typeof Assignee>;

const IssueNumbersWithin = z.object({
  count: z.string(),
  userCount: z.number().int(),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
  stats: z.record(z.string(), z.array(z.tuple([z.number().int(), z.number().int()]))),
});

const StatusDetails = z
  .object({
    inRelease: z.string().optional(),
    inNextRelease: z.literal(true).optional(),
    currentRelease: z.string().optional().describe("With inNextRelease: the latest one then"),
    inCommit: z.object({ commit: z.string(), repository: z.string().nullable() }).optional(),
    ignoreUntil: z.iso.datetime().optional(),
    ignoreCount: z.number().int().optional(),
    eventsSince: z.number().int().optional().describe("With ignoreCount: how many there were"),
    ignoreWindow: z.number().int().optional().describe("Minutes"),
    ignoreUserCount: z.number().int().optional(),
    ignoreUserWindow: z.number().int().optional().describe("Minutes"),
    ignoreUntilNext: z.literal(true).optional(),
    ignoreUntilEscalating: z.literal(true).optional(),
    actor: z
      .object({ id: z.string(), name: z.string(), email: z.string() })
      .optional()
      .describe("Whose doing it was"),
  })
  .openapi("IssueStatusDetails", {
    description: "What ends the status, and who gave it; empty where nobody did",
  });
export type StatusDetails = z.infer<typeof StatusDetails>;
const Subscription = z
  .union([
    z.object({ reason: z.enum(["assigned", "bookmarked", "comment", "unknown"]) }),
    z.object({ disabled: z.literal(true) }),
  ])
  .openapi("IssueSubscription");

/** What an issue is to whoever asks. */
const marks = {
  hasSeen: z.boolean().describe("By the caller, since it came last"),
  isBookmarked: z.boolean().describe("By the caller"),
  isSubscribed: z
    .boolean()
    .describe("The caller chose to follow it, has it, bookmarked it or commented on it"),
  subscriptionDetails: Subscription.nullable().describe(
    "Why the caller follows it; disabled: the caller chose not to",
  ),
};

export const Issue = z
  .object({
    id: z.string(),
    shortId: z.string().describe("Human name, e.g. SHOP-1A"),
    title: z.string(),
    culprit: z.string(),
    type: z.enum(["default", "error", "csp"]),
    level: z.enum(["sample", "debug", "info", "warning", "error", "fatal"]),
    status: z.enum(issueStatuses),
    statusDetails: StatusDetails,
    metadata: z.record(z.string(), z.string()),
    project: z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      platform: z.string().nullable(),
    }),
    count: z.string().describe("Number of events; clients expect a string"),
    userCount: z.number().int().describe("Distinct people affected"),
    numComments: z.number().int(),
    stats: z.object({
      "24h": z
        .array(z.tuple([z.number().int(), z.number().int()]))
        .describe("Events per hour: [unix seconds, number]"),
      "14d": z
        .array(z.tuple([z.number().int(), z.number().int()]))
        .optional()
        .describe("Events per day, with groupStatsPeriod=14d"),
    }),
    firstSeen: z.iso.datetime(),
    lastSeen: z.iso.datetime(),
    permalink: z.url(),
    logger: z.string().nullable(),
    shareId: z
      .string()
      .nullable()
      .describe("Where anybody may see it: shared/issues/<shareId>/; null: nowhere"),
    ...marks,
    matchingEventId: z.string().nullable(),
    assignedTo: Assignee.nullable(),
    suggestedOwners: z
      .array(Assignee.extend({ rule: z.string().describe("Empty: no rule names anybody") }))
      .describe("Whom the project's rules of ownership name, best first"),
    isUnhandled: z.boolean().describe("Had an event that nobody caught"),
    substatus: z
      .enum([
        "new",
        "ongoing",
        "escalating",
        "regressed",
        "archived_until_escalating",
        "archived_until_condition_met",
        "archived_forever",
      ])
      .nullable(),
    priority: z
      .enum(["high", "medium", "low"])
      .describe("As somebody said it, else by level, people and whether anybody caught it"),
    priorityLockedAt: z.iso.datetime().nullable().describe("When somebody said it"),
    environments: z.array(z.string()).describe("Where it was seen, at most 20"),
    lifetime: IssueNumbersWithin.optional().describe(
      "In a list, where a period or environments narrow the numbers: those of the whole issue",
    ),
    filtered: IssueNumbersWithin.nullish().describe("Likewise: those inside the filter, again"),
    isEstimate: z
      .boolean()
      .optional()
      .describe("Likewise: there are too many events to look at each, and numbers may be more"),
  })
  .openapi("Issue");
export type Issue = z.infer<typeof Issue>;

export const IssueDetail = Issue.extend({
  userReportCount: z.number().int(),
}).openapi("IssueDetail");
export type IssueDetail = z.infer<typeof IssueDetail>;

const series = z
  .array(z.tuple([z.number().int(), z.number().int()]))
  .describe("Every step of the period: [beginning in unix seconds, number]");

const numbers = {
  count: z.string().describe("Events inside the filter"),
  userCount: z.number().int().describe("Distinct people inside the filter"),
  firstSeen: z.iso.datetime().nullable().describe("Inside the filter; null: never"),
  lastSeen: z.iso.datetime().nullable(),
  isCapped: z
    .boolean()
    .describe(
      "The issue has more events than are looked at one by one: people, first time and numbers of an environment are of the newest ones",
    ),
  isCountCapped: z.boolean().describe("Likewise, the count too: no counter knows it"),
  intervalSeconds: z.number().int().describe("Length of a step"),
  series,
};

export const IssueStats = z.object({ ...numbers, people: series }).openapi("IssueStats");

export const IssueNumbers = z
  .object({
    id: z.string(),
    ...numbers,
    lifetime: z.object({
      count: z.string(),
      userCount: z.number().int(),
      firstSeen: z.iso.datetime(),
      lastSeen: z.iso.datetime(),
    }),
  })
  .openapi("IssueNumbers");

const undo = {
  undoId: z
    .string()
    .nullable()
    .describe("Takes the change back within 24 hours, see issues/undo/; null: nothing changed"),
};

export const IssueChanged = IssueDetail.extend(undo).openapi("IssueChanged");

export const IssuesChanged = z.object({
  status: z.enum(issueStatuses).optional(),
  statusDetails: StatusDetails.optional(),
  substatus: z.string().nullish(),
  assignedTo: Assignee.nullish(),
  isPublic: z.boolean().optional(),
  ...z.object(marks).partial().shape,
  priority: z.enum(["high", "medium", "low"]).nullish(),
  changed: z.number().int().describe("Issues that were not so already"),
  ...undo,
});

export const Undo = z.object({ undoId: z.uuid() }).openapi("Undo");

export const Undone = z.object({
  restored: z
    .number()
    .int()
    .describe("Issues; of several fields, of the one that was changed in most"),
  skipped: z.number().int().describe("Changed since, by somebody or by an event; or deleted"),
});

export const IssueCount = z
  .object({
    query: z.string(),
    count: z.number().int(),
    more: z.boolean().describe("There are more: counting ended here"),
  })
  .openapi("IssueCount");

export const IssueTag = z
  .object({
    key: z.string(),
    name: z.string(),
    uniqueValues: z.number().int(),
    totalValues: z.number().int(),
    topValues: z.array(
      z.object({ name: z.string(), value: z.string(), count: z.number().int(), key: z.string() }),
    ),
  })
  .openapi("IssueTag");
export type IssueTag = z.infer<typeof IssueTag>;

const tagValue = { key: z.string(), name: z.string(), value: z.string() };

export const TagValue = z
  .object({
    ...tagValue,
    count: z.number().int(),
    firstSeen: z.iso.datetime().describe("To the week; of people exact"),
    lastSeen: z.iso.datetime().describe("To the week; of people exact"),
    query: z.string().optional().describe("Of people: the search that finds them"),
    id: z.string().nullish().describe("Of people, as their latest event says"),
    username: z.string().nullish(),
    email: z.string().nullish(),
    ipAddress: z.string().nullish(),
    avatarUrl: z.null().optional(),
  })
  .openapi("TagValue");

export type TagValue = z.infer<typeof TagValue>;

export const IssueTagDetail = IssueTag.extend({ topValues: z.array(TagValue) }).openapi(
  "IssueTagDetail",
);

export const SuggestedKey = z
  .object({
    key: z.string(),
    name: z.string(),
    isTag: z.boolean().describe("false: a field of searches, like is and level"),
    totalValues: z.number().int().nullable().describe("Events with it; null of a field"),
    uniqueValues: z.number().int().nullable(),
    knownValues: z.array(z.string()).describe("Of a field, where they are few"),
  })
  .openapi("SuggestedKey");

export const SuggestedValue = z
  .object({
    ...tagValue,
    count: z.number().int().nullable().describe("null of a field"),
    firstSeen: z.iso.datetime().nullable().describe("To the week"),
    lastSeen: z.iso.datetime().nullable(),
  })
  .openapi("SuggestedValue");

const Anything = z.record(z.string(), z.unknown());

export const Event = z
  .object({
    id: z.string(),
    eventID: z.string(),
    projectID: z.union([z.number().int(), z.string()]).describe("A string for Sentry's clients"),
    groupID: z.string(),
    dateCreated: z.iso.datetime().describe("By the client's clock"),
    dateReceived: z.iso.datetime(),
    dist: z.string().nullable(),
    culprit: z.string(),
    packages: z.record(z.string(), z.string().nullable()).nullable(),
    type: z.string(),
    message: z.string(),
    metadata: Anything,
    tags: z.array(z.object({ key: z.string(), value: z.string() })),
    entries: z.array(z.object({ type: z.string(), data: Anything })),
    contexts: Anything.nullable(),
    context: Anything.describe("What the client sent as `extra`"),
    user: Anything.nullable(),
    sdk: Anything.nullable(),
    title: z.string(),
    platform: z.string().nullable(),
    errors: z.array(z.object({ type: z.string(), name: z.string(), value: z.string() })).nullable(),
    _meta: Anything.nullable().describe("What was removed or cut, in Sentry's form"),
  })
  .openapi("Event");
export type Event = z.infer<typeof Event>;

export const EventDetail = Event.extend({
  userReport: z.null(),
  nextEventID: z.string().nullable().describe("The next newer one"),
  previousEventID: z.string().nullable().describe("The next older one"),
  formatted: z
    .object({ format: z.literal("markdown"), content: z.string() })
    .optional()
    .describe("Where llmFormat asks for it"),
}).openapi("EventDetail");
export type EventDetail = z.infer<typeof EventDetail>;

export const IssueEventDetail = EventDetail.extend({
  position: z
    .number()
    .int()
    .nullable()
    .describe(
      "Among the events asked for, the newest is 1; null: not one of them, or too far back",
    ),
  total: z
    .number()
    .int()
    .nullable()
    .describe("Events asked for; null where the query looks into events, which is not counted"),
  isTotalCapped: z.boolean().describe("There may be more: only the newest ones were counted"),
}).openapi("IssueEventDetail");

export const EventRow = Event.pick({
  id: true,
  eventID: true,
  groupID: true,
  dateCreated: true,
  dateReceived: true,
  title: true,
  message: true,
  culprit: true,
  type: true,
  platform: true,
  user: true,
  tags: true,
  dist: true,
})
  .extend({ release: z.string().nullable(), environment: z.string().nullable() })
  .openapi("EventRow");
export type EventRow = z.infer<typeof EventRow>;

export const EventGrouping = z
  .object({
    version: z.enum(["g1", "g2"]).describe("By which the event found its issue"),
    variant: z.string().describe("What of the event decides: app, system, minified, message …"),
    hash: z.string(),
    secondary: z.array(z.string()).describe("Other hashes by which the event finds its issue"),
    other: z
      .object({ version: z.enum(["g1", "g2"]), hash: z.string() })
      .nullable()
      .describe("What the other version says, where the event was grouped by both"),
    project: z
      .object({ version: z.enum(["g1", "g2"]), switchedAt: z.iso.datetime().nullable() })
      .describe("What decides for new events of the project, and when it changed"),
    fingerprint: z.array(z.string()).nullable().describe("As the client sent it"),
    components: z.array(
      z.object({
        name: z.string(),
        values: z.array(z.string()),
        contributes: z.boolean(),
        hint: z.string().nullable(),
      }),
    ),
    rules: z
      .array(z.object({ part: z.string(), rule: z.string() }))
      .describe("What of the parts was left out or replaced, and by which rule"),
    isExact: z
      .boolean()
      .describe("false: what is stored of the event no longer comes to the hash that it had"),
  })
  .openapi("EventGrouping");

export const RawEvent = Anything.openapi("RawEvent");

export const ShortIdLookup = z
  .object({
    organizationSlug: z.string(),
    projectSlug: z.string(),
    groupId: z.string(),
    group: IssueDetail,
    shortId: z.string(),
  })
  .openapi("ShortIdLookup");

export const EventIdLookup = z
  .object({
    organizationSlug: z.string(),
    projectSlug: z.string(),
    groupId: z.string(),
    eventId: z.string(),
    event: EventDetail,
  })
  .openapi("EventIdLookup");
