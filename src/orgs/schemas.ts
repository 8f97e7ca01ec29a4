import { z } from "@hono/zod-openapi";
import { roles, User } from "../auth/schemas";
import { Avatar, Project, ProjectWithTeams } from "../projects/schemas";
import { dictionaryOf } from "../protocol/dictionary";
import { slugPattern } from "../protocol/slug";

export const OrganizationPath = z.object({
  organization_slug: z.string().openapi({ description: "Slug or id", example: "acme" }),
});
export const TeamPath = OrganizationPath.extend({
  team_slug: z.string().openapi({ description: "Slug or id", example: "core" }),
});
export const MemberPath = OrganizationPath.extend({
  member_id: z
    .string()
    .openapi({ description: "Id of the membership, not of the user", example: "17" }),
});
export const MemberTeamPath = MemberPath.extend({ team_slug: TeamPath.shape.team_slug });

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

export const Team = z
  .object({
    id: z.string().openapi({ example: "3" }),
    slug: z.string().openapi({ example: "core" }),
    name: z.string().optional().describe("For Sentry's clients only: the slug"),
    dateCreated: z.iso.datetime(),
    isMember: z.boolean(),
    memberCount: z.number().int(),
  })
  .openapi("Team");
export type Team = z.infer<typeof Team>;

export const TeamWithProjects = Team.extend({ projects: z.array(Project) }).openapi(
  "TeamWithProjects",
);

export const OrganizationDetail = Organization.extend({
  projects: z.array(ProjectWithTeams),
  teams: z.array(Team),
  access: z.array(z.string()).openapi({ example: ["org:read", "event:read"] }),
  openMembership: z.boolean(),
}).openapi("OrganizationDetail");

const Role = z.enum(roles);

export const Member = z
  .object({
    id: z.string().openapi({ example: "17" }),
    role: Role,
    orgRole: Role.describe("Same as role"),
    roleName: z.string().openapi({ example: "Member" }),
    dateCreated: z.iso.datetime(),
    email: z.string().openapi({ example: "ada@example.com" }),
    user: User.nullable().describe("null while the invitation is pending"),
    pending: z.boolean(),
    isOwner: z.boolean().describe("The one primary owner"),
  })
  .openapi("Member");
export type Member = z.infer<typeof Member>;

export const MemberDetail = Member.extend({ teams: z.array(z.string()) }).openapi("MemberDetail");

export const InvitedMember = MemberDetail.extend({
  inviteLink: z
    .string()
    .nullable()
    .describe("Shown this once: works for the invited address, one time, within 15 days"),
}).openapi("InvitedMember");

const Invitation = z.object({
  acceptInvite: z.boolean(),
  orgUser: Member.extend({ organization: Organization }),
});
export const InvitationAnswer = Invitation.openapi("Invitation");
export const InvitationPath = z.object({
  member_id: z.string().openapi({ example: "17" }),
  token: z.string(),
});

const name = z.string().trim().min(1).max(200);
const percent = z.number().int().min(0).max(100);

export const NewOrganization = z.object({ name }).openapi("NewOrganization");
export const OrganizationUpdate = z
  .object({
    name: name.optional(),
    openMembership: z.boolean().optional(),
    isAcceptingEvents: z.boolean().optional(),
    eventThrottleRate: percent.optional(),
  })
  .openapi("OrganizationUpdate");
export type OrganizationUpdate = z.infer<typeof OrganizationUpdate>;

const slug = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(slugPattern, "letters, digits, - and _ only, not digits alone");
export const TeamUpdate = z.object({ slug }).openapi("TeamUpdate");
export const NewTeam = z
  .object({ slug: slug.optional(), name: z.string().trim().min(1).max(64).optional() })
  .refine((team) => team.slug ?? team.name, { error: "slug is required", path: ["slug"] })
  .openapi("NewTeam", { description: "A slug, or a name from which it is made" });

const teamRoles = z
  .array(
    z.union([
      z.string().max(50),
      z.object({ teamSlug: z.string().max(50), role: z.string().max(50).nullish() }),
    ]),
  )
  .max(100)
  .default([]);

/** GlitchTip's clients mix camelCase and snake_case in one body; both are read. */
const bothCases = (value: unknown) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return dictionaryOf(
    Object.entries(value).map(([key, each]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      each,
    ]),
  );
};

export const NewMember = z
  .preprocess(
    bothCases,
    z.object({
      email: z.email().max(254),
      orgRole: Role.default("member"),
      teamRoles,
      sendInvite: z.boolean().default(true),
      reinvite: z.boolean().default(true),
    }),
  )
  .openapi("NewMember");
export const MemberUpdate = z
  .preprocess(bothCases, z.object({ orgRole: Role, teamRoles: teamRoles.optional() }))
  .openapi("MemberUpdate");

export const InvitationReply = z
  .preprocess(bothCases, z.object({ acceptInvite: z.boolean() }))
  .openapi("InvitationReply");

export const AuditEntry = z
  .object({
    id: z.string(),
    event: z.string().openapi({ example: "member.invite" }),
    actor: z.object({ id: z.string().nullable(), name: z.string() }),
    ipAddress: z.string().nullable(),
    target: z.string().openapi({ example: "ada@example.com" }),
    data: z.record(z.string(), z.unknown()),
    dateCreated: z.iso.datetime(),
  })
  .openapi("AuditEntry");
export type AuditEntry = z.infer<typeof AuditEntry>;
