import { z } from "@hono/zod-openapi";
import { slugPattern } from "../protocol/slug";

export const ProjectPath = z.object({
  organization_slug: z.string().openapi({ description: "Slug or id", example: "acme" }),
  project_slug: z.string().openapi({ description: "Slug or id", example: "shop" }),
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

const name = z.string().trim().min(1).max(64);
const slug = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(slugPattern, "letters, digits, - and _ only, not digits alone");
const platform = z.string().trim().max(64).nullable();
const percent = z.number().int().min(0).max(100);
const origin = z.string().trim().min(1).max(255);

export const NewProject = z
  .object({
    name,
    slug: slug.optional(),
    platform: platform.optional(),
    eventThrottleRate: percent.optional(),
  })
  .openapi("NewProject");
export type NewProject = z.infer<typeof NewProject>;

export const ProjectUpdate = z
  .object({
    name: name.optional(),
    slug: slug.optional(),
    platform: platform.optional(),
    eventThrottleRate: percent.optional(),
    scrubIPAddresses: z.boolean().optional(),
    dataScrubberDefaults: z.boolean().optional(),
    allowedDomains: z
      .array(origin)
      .max(100)
      .optional()
      .describe("Origins that browsers may send from: https://a.example, a.example, *.a.example"),
  })
  .openapi("ProjectUpdate");
export type ProjectUpdate = z.infer<typeof ProjectUpdate>;

const countMax = 2_147_483_647;
const windowSecondsMax = 31 * 86_400;

export const KeyUpdate = z
  .object({
    name: z.string().trim().max(64).optional(),
    label: z.string().trim().max(64).optional().describe("Same as name"),
    isActive: z.boolean().optional(),
    rateLimit: z
      .object({
        window: z.number().int().min(1).max(windowSecondsMax).describe("Seconds"),
        count: z.number().int().min(0).max(countMax).describe("Events in each window"),
      })
      .nullable()
      .optional(),
  })
  .openapi("KeyUpdate");
export type KeyUpdate = z.infer<typeof KeyUpdate>;

export const Subscriptions = z.record(z.string().regex(/^\d{1,15}$/), z.number().int());
export const SubscriptionUpdate = z
  .record(z.string().regex(/^\d{1,15}$/, "must be the id of a project"), z.literal([-1, 0, 1]))
  .refine((entries) => Object.keys(entries).length === 1, "exactly one project at a time");
