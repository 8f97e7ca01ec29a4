import { z } from "@hono/zod-openapi";

export const ProjectPath = z.object({
  organization_slug: z.string().openapi({ description: "Slug or id", example: "acme" }),
  project_slug: z.string().openapi({ description: "Slug or id", example: "shop" }),
});

export const Avatar = z.object({ avatarType: z.string(), avatarUuid: z.string().nullable() });

export const Project = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
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
    eventThrottleRate: z.number().int(),
  })
  .openapi("Project");
export type Project = z.infer<typeof Project>;

export const ProjectWithTeams = Project.extend({
  teams: z.array(z.object({ id: z.string(), slug: z.string() })),
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
    dsn: z.object({ public: z.string(), secret: z.string(), security: z.string() }),
    public: z.string().describe("The public key with dashes; a DSN carries it without"),
    projectID: z.number().int(),
  })
  .openapi("ProjectKey");
export type ProjectKey = z.infer<typeof ProjectKey>;
