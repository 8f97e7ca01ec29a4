import { z } from "@hono/zod-openapi";
import { daySeconds } from "../protocol/durations";
import { fieldLists } from "../protocol/field-schemas";
import { parseFingerprintRules, rulesCharsMax } from "../protocol/fingerprint-rules";
import { listFixed, withFixed } from "../protocol/fixed-fields";
import {
  type FilterList,
  faultOfLines,
  filterIds,
  LegacyBrowser,
  listCharsMax,
} from "../protocol/inbound-filters";
import { boolean, integer, unlessEmpty } from "../protocol/lenient";
import { pathPart } from "../protocol/path-part";
import { type RefusalReason, remedies } from "../protocol/refusals";
import { idPattern } from "../protocol/row-id";
import { isFault, wordsOfFault } from "../protocol/rule-text";
import { fixedKey, fixedProject } from "../protocol/sentry-constants";
import { slugText } from "../protocol/slug";
import { parseStackRules } from "../protocol/stack-rules";

export const ProjectPath = z.object({
  organization_slug: pathPart({ description: "Slug or id", example: "acme" }),
  project_slug: pathPart({ description: "Slug or id", example: "shop" }),
});

export const Avatar = z.object({ avatarType: z.string(), avatarUuid: z.string().nullable() });

export const Project = z
  .object({
    id: z.string().openapi({ example: "7" }),
    name: z.string().openapi({ example: "Shop" }),
    slug: z.string().openapi({ example: "shop" }),
    avatar: Avatar,
    color: z.string(),
    features: z.array(z.string()),
    hasAccess: z.boolean(),
    isBookmarked: z.boolean(),
    isInternal: z.boolean(),
    isMember: z.boolean(),
    isPublic: z.boolean(),
    scrubIPAddresses: z.boolean(),
    dateCreated: z.iso.datetime(),
    platform: z.string().nullable(),
    firstEvent: z.iso.datetime().nullable(),
    eventThrottleRate: z.number().int().describe("Percent of events that are turned away"),
    stats: z
      .array(z.tuple([z.number().int(), z.number().int()]))
      .optional()
      .describe("Where statsPeriod asks for it: [beginning in seconds since 1970, stored errors]"),
    lastEvent: z.iso
      .datetime()
      .nullable()
      .optional()
      .describe("Where statsPeriod asks for it: when the last error came; null without issues"),
  })
  .openapi("Project");
export type Project = z.infer<typeof Project>;

const TeamOfProject = z.object({ id: z.string(), slug: z.string(), name: z.string().optional() });

export const ProjectWithTeams = Project.extend({
  team: TeamOfProject.nullable().optional().describe("For Sentry's clients only: the first one"),
  teams: z.array(TeamOfProject).describe("In the order in which they were attached"),
}).openapi("ProjectWithTeams");
export type ProjectWithTeams = z.infer<typeof ProjectWithTeams>;

export const ProjectKey = z
  .object({
    id: z.string(),
    name: z.string(),
    label: z.string(),
    isActive: z.boolean(),
    rateLimit: z.object({ window: z.number().int(), count: z.number().int() }).nullable(),
    dateCreated: z.iso.datetime(),
    dsn: z.object({
      public: z
        .string()
        .openapi({ example: "https://8bea9cde164a4b94b88027a3d03f7698@errors.example.com/7" }),
      secret: z.string().describe("Same as public, for old clients"),
      security: z.string(),
    }),
    public: z.string().describe("The public key with dashes; a DSN carries it without"),
    projectID: z.number().int(),
  })
  .openapi("ProjectKey");
export type ProjectKey = z.infer<typeof ProjectKey>;

const reasons = Object.keys(remedies) as RefusalReason[];
export const Refusals = z
  .object({
    since: z.iso.datetime(),
    refusals: z.array(
      z.object({
        reason: z.enum(reasons),
        remedy: z.enum(Object.values(remedies)).describe("What helps"),
        keyPrefix: z
          .string()
          .nullable()
          .describe("First 8 digits of the key that was sent; null: none, or too many to list"),
        origin: z.string().nullable().describe("Of a browser; null: none, or too many to list"),
        count: z.number().int().describe("Requests; items where a limit turned them away"),
        lastMinute: z.iso.datetime().describe("When the minute began in which it was last seen"),
      }),
    ),
  })
  .openapi("Refusals");

const name = z.string().trim().min(1).max(64);
const givenSlug = unlessEmpty(slugText);
const platform = z.string().trim().max(64).nullable();
const percent = integer(0, 100);
const origin = z.string().trim().min(1).max(255);

/** New projects have the newest version of grouping. */
const fixedNewProject = { ...fixedProject, options: {}, groupingConfig: "g2", defaultRules: false };

export const NewProject = withFixed(
  fixedNewProject,
  z.object({
    name,
    slug: givenSlug.describe("Empty: made from the name"),
    platform: platform.optional(),
    eventThrottleRate: percent.optional(),
  }),
).openapi("NewProject", { description: listFixed(fixedNewProject) });
export type NewProject = z.output<typeof NewProject>;

const hoursMax = 24 * 365;
const delaySecondsMax = daySeconds;

const ruleText = (parse: (text: string) => object, words: string) =>
  z
    .string()
    .max(rulesCharsMax)
    .superRefine((text, context) => {
      const parsed = parse(text);
      if (isFault(parsed)) {
        context.addIssue({ code: "custom", message: wordsOfFault(parsed), input: text });
      }
    })
    .describe(words);

/** What Sentry's clients set and read back. Of the rest than rules, kept, but nothing acts on it yet. */
export const ProjectSettings = z.object({
  resolveAge: integer(0, hoursMax)
    .nullable()
    .optional()
    .describe("Hours after which an issue that was not seen again is resolved; 0 is never"),
  digestsMinDelay: integer(0, delaySecondsMax).optional().describe("Seconds"),
  digestsMaxDelay: integer(0, delaySecondsMax).optional().describe("Seconds"),
  fingerprintingRules: ruleText(
    parseFingerprintRules,
    "One rule a line, the first that matches decides what groups an event: `type:DbDown tags.region:eu -> database, {{ transaction }}`",
  ).optional(),
  groupingEnhancements: ruleText(
    parseStackRules,
    "One rule a line, all are followed: `path:**/generated/** -group`, `function:assert_* ^-group -app`. Groups by g2 alone",
  ).optional(),
  subjectPrefix: z.string().max(200).optional(),
  subjectTemplate: z.string().max(200).optional(),
  highlightTags: z.array(z.string().max(200)).max(100).optional(),
  defaultEnvironment: z.string().max(255).nullable().optional(),
});
export type ProjectSettings = z.output<typeof ProjectSettings>;

const filterLines = (name: FilterList, words: string) =>
  z
    .string()
    .max(listCharsMax)
    .superRefine((text, context) => {
      const fault = faultOfLines(name, text);
      if (fault) context.addIssue({ code: "custom", message: fault, input: text });
    })
    .describe(words);
const globWords =
  "One pattern a line, of the whole text and in any case: * ? [a-c] [!a] {a,b}, \\ before a sign";

/** Inbound filters that are no row of the list of filters; what they drop is counted. */
export const ProjectOptions = z
  .strictObject({
    "filters:blacklisted_ips": filterLines(
      "blacklisted_ips",
      "One address or range (10.0.0.0/8) a line",
    ),
    "filters:releases": filterLines("releases", globWords),
    "filters:error_messages": filterLines(
      "error_messages",
      `Of \`Type: value\` or the message. ${globWords}`,
    ),
    "filters:error_types": filterLines("error_types", globWords),
    "filters:user_agents": filterLines("user_agents", globWords),
    "filters:countries": filterLines("countries", "One code of ISO 3166 a line"),
    "filters:chunk-load-error": boolean(),
    "filters:react-hydration-errors": boolean(),
  })
  .openapi("ProjectOptions");
export type ProjectOptions = z.output<typeof ProjectOptions>;

export const InboundFilterState = z
  .object({
    id: z.enum(filterIds),
    active: z
      .union([z.boolean(), z.array(LegacyBrowser)])
      .describe("Of legacy-browsers: those that were chosen, true for all"),
  })
  .openapi("InboundFilter");
export type InboundFilterState = z.infer<typeof InboundFilterState>;

export const InboundFilterUpdate = z
  .object({
    active: boolean().optional(),
    subfilters: z
      .array(LegacyBrowser)
      .max(LegacyBrowser.options.length)
      .optional()
      .describe("Of legacy-browsers alone: which of them"),
  })
  .refine(({ active, subfilters }) => (active === undefined) !== (subfilters === undefined), {
    error: "either active or subfilters must be there",
  })
  .openapi("InboundFilterUpdate");
export type InboundFilterUpdate = z.output<typeof InboundFilterUpdate>;

export const ProjectUpdate = withFixed(
  fixedProject,
  ProjectSettings.extend({
    options: ProjectOptions.partial().optional().describe("Those that are left out stay"),
    name: name.optional(),
    slug: givenSlug.describe("Empty: stays"),
    platform: platform.optional(),
    eventThrottleRate: percent.optional(),
    scrubIPAddresses: boolean().optional(),
    dataScrubberDefaults: boolean().optional(),
    sensitiveFields: fieldLists.sensitiveFields.optional(),
    safeFields: fieldLists.safeFields.optional(),
    allowedDomains: z
      .array(origin)
      .max(100)
      .optional()
      .describe("Origins that browsers may send from: https://a.example, a.example, *.a.example"),
    groupingConfig: z
      .enum(["g1", "g2"])
      .optional()
      .describe(
        "Version of grouping. A project on g1 may change to g2, never back: its issues keep their events and go on by what g1 found; what is new is grouped by g2",
      ),
  }),
).openapi("ProjectUpdate", {
  description: `The settings from digestsMinDelay to defaultEnvironment, but for the rules, are kept for Sentry's clients and returned to them; nothing acts on them yet. ${listFixed(fixedProject)}`,
});
export type ProjectUpdate = z.output<typeof ProjectUpdate>;

const countMax = 2_147_483_647;
const windowSecondsMax = 31 * daySeconds;

const RateLimit = z
  .object({
    window: integer(0, windowSecondsMax).nullish().describe("Seconds"),
    count: integer(0, countMax).nullish().describe("Events in each window"),
  })
  .refine(({ window, count }) => Boolean(window) || !count, {
    error: "must be at least 1",
    path: ["window"],
  })
  .transform(({ window, count }) => (window ? { window, count: count ?? 0 } : null));

export const KeyUpdate = withFixed(
  fixedKey,
  z.object({
    name: z.string().trim().max(64).nullish(),
    label: z.string().trim().max(64).nullish().describe("Same as name"),
    isActive: boolean().optional(),
    rateLimit: RateLimit.nullable()
      .optional()
      .describe("null, and a window of 0 with a count of 0, mean none"),
  }),
)
  .refine(({ name, label }) => !name || !label || name === label, {
    error: "name and label say different things",
    path: ["label"],
  })
  .openapi("KeyUpdate", { description: listFixed(fixedKey) });
export type KeyUpdate = z.output<typeof KeyUpdate>;

export const Subscriptions = z.record(z.string().regex(idPattern), z.number().int());
export const SubscriptionUpdate = z
  .record(z.string().regex(idPattern, "must be the id of a project"), integer(-1, 1))
  .refine((entries) => Object.keys(entries).length === 1, "exactly one project at a time")
  .openapi({ maxProperties: 1 });

/** An organization, as answers about its projects say it and those about itself begin. */
export const Organization = z
  .object({
    id: z.string().openapi({ example: "4" }),
    name: z.string().openapi({ example: "Acme" }),
    slug: z.string().openapi({ example: "acme" }),
    dateCreated: z.iso.datetime(),
    status: z.object({ id: z.string(), name: z.string() }),
    avatar: Avatar,
    isEarlyAdopter: z.boolean(),
    require2fa: z.boolean(),
    require2FA: z.boolean().describe("Same as require2fa, for older clients"),
    requireEmailVerification: z.boolean(),
    features: z.array(z.string()),
    isAcceptingEvents: z.boolean(),
    eventThrottleRate: z.number().int().describe("Percent of events that are turned away"),
    links: z
      .object({ organizationUrl: z.string(), regionUrl: z.string() })
      .optional()
      .describe("For Sentry's clients only"),
  })
  .openapi("Organization");
export type Organization = z.infer<typeof Organization>;
