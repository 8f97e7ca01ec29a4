import { z } from "@hono/zod-openapi";
import { Avatar, ProjectWithTeams } from "../projects/schemas";

export const OrganizationPath = z.object({
  organization_slug: z.string().openapi({ description: "Slug or id", example: "acme" }),
});

export const Organization = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    dateCreated: z.iso.datetime(),
    status: z.object({ id: z.string(), name: z.string() }),
    avatar: Avatar,
    isEarlyAdopter: z.boolean(),
    require2fa: z.boolean(),
    require2FA: z.boolean().describe("Same as require2fa, for older clients"),
    requireEmailVerification: z.boolean(),
    features: z.array(z.string()),
    isAcceptingEvents: z.boolean(),
    eventThrottleRate: z.number().int(),
  })
  .openapi("Organization");
export type Organization = z.infer<typeof Organization>;

export const Team = z
  .object({
    id: z.string(),
    slug: z.string(),
    dateCreated: z.iso.datetime(),
    isMember: z.boolean(),
    memberCount: z.number().int(),
  })
  .openapi("Team");

export const OrganizationDetail = Organization.extend({
  projects: z.array(ProjectWithTeams),
  teams: z.array(Team),
  access: z.array(z.string()),
  openMembership: z.boolean(),
}).openapi("OrganizationDetail");
