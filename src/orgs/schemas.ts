import { z } from "@hono/zod-openapi";
import { OrganizationPath, roles } from "../access/schemas";
import { User } from "../accounts/schemas";
import { Organization, Project, ProjectWithTeams } from "../projects/schemas";
import { fieldLists } from "../protocol/field-schemas";
import { listFixed, withFixed } from "../protocol/fixed-fields";
import { boolean, bothCases, integer, unlessEmpty } from "../protocol/lenient";
import { pathPart } from "../protocol/path-part";
import { fixedOrganization } from "../protocol/sentry-constants";
import { slugText } from "../protocol/slug";

export const TeamPath = OrganizationPath.extend({
  team_slug: pathPart({ description: "Slug or id", example: "core" }),
});
export const MemberPath = OrganizationPath.extend({
  member_id: pathPart({ description: "Id of the membership, not of the user", example: "17" }),
});
export const MemberTeamPath = MemberPath.extend({ team_slug: TeamPath.shape.team_slug });

export const Team = z
  .object({
    id: z.string().openapi({ example: "3" }),
    slug: z.string().openapi({ example: "core" }),
    name: z.string().optional().describe("For Sentry's clients only"),
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
  sensitiveFields: z.array(z.string()).describe("Of all projects"),
  safeFields: z.array(z.string()).describe("Of all projects"),
  pulse: z
    .object({ url: z.string(), expiresAt: z.iso.datetime() })
    .optional()
    .describe("For browsers: where to ask, until then, whether anything changed"),
}).openapi("OrganizationDetail");

/** Whatever changes is another number than before; it counts nothing. */
export const Pulse = z
  .object({
    issues: z.number().int().describe("Grows when something of any issue changes"),
    projects: z
      .record(z.string(), z.number().int())
      .describe("The same of each project by its id; those of which nothing was heard are missing"),
    lagSeconds: z
      .number()
      .nullable()
      .describe("From receipt until the last events of the organization were stored"),
  })
  .openapi("Pulse");

export const ManagedOrganization = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    dateCreated: z.iso.datetime(),
    isAcceptingEvents: z.boolean(),
    memberCount: z.number().int(),
    projectCount: z.number().int(),
  })
  .openapi("ManagedOrganization");

const Role = z.enum(roles);
type Role = z.infer<typeof Role>;

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
    expired: z
      .boolean()
      .optional()
      .describe(
        "For browsers and Sentry's clients: an invitation whose link does not work any more",
      ),
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
  member_id: pathPart({ example: "17" }),
  token: pathPart(),
});

const name = z.string().trim().min(1).max(200);
const percent = integer(0, 100);
const givenSlug = unlessEmpty(slugText);

export const NewOrganization = withFixed(
  { agreeTerms: true, aggregatedDataConsent: false, defaultTeam: false },
  z.object({ name, slug: givenSlug.describe("Empty: made from the name") }),
).openapi("NewOrganization");
export const OrganizationUpdate = withFixed(
  fixedOrganization,
  z.object({
    name: name.optional(),
    slug: givenSlug.describe("Empty: stays"),
    openMembership: boolean().optional(),
    isAcceptingEvents: boolean().optional(),
    eventThrottleRate: percent.optional(),
    sensitiveFields: fieldLists.sensitiveFields.optional(),
    safeFields: fieldLists.safeFields.optional(),
  }),
).openapi("OrganizationUpdate", { description: listFixed(fixedOrganization) });
export type OrganizationUpdate = z.output<typeof OrganizationUpdate>;

/** What a new installation begins with. */
export const SetUp = z
  .object({
    name: z.string().trim().max(255).default(""),
    email: z.email().max(254),
    password: z.string().max(1000),
    organization: name.describe("Its name"),
    project: z
      .object({ name: z.string().trim().min(1).max(64), platform: z.string().max(64).optional() })
      .optional(),
    setupToken: z.string().max(1000).optional().describe("Where it is asked for: SETUP_TOKEN"),
  })
  .openapi("SetUp");
export type SetUp = z.output<typeof SetUp>;

export const SetUpAnswer = z
  .object({
    organization: z.string().describe("Slug, as are the others"),
    team: z.string(),
    project: z.string().nullable(),
  })
  .openapi("SetUpAnswer");

const teamName = z.string().trim().min(1).max(64).describe("Shown to Sentry's clients only");
const fixedTeam = { idpProvisioned: false };
export const TeamUpdate = withFixed(
  fixedTeam,
  z.object({ slug: givenSlug.describe("Empty: stays"), name: unlessEmpty(teamName) }),
)
  .refine((team) => team.slug ?? team.name, { error: "slug or name is required", path: ["slug"] })
  .openapi("TeamUpdate");
export type TeamUpdate = z.output<typeof TeamUpdate>;
export const NewTeam = withFixed(
  fixedTeam,
  z.object({
    slug: givenSlug.describe("Empty: made from the name"),
    name: unlessEmpty(teamName),
  }),
)
  .refine((team) => team.slug ?? team.name, { error: "slug is required", path: ["slug"] })
  .openapi("NewTeam", { description: "A slug, or a name from which it is made" });

const teamSlug = z.string().max(50);
/** Whoever is in a team has the plain role there; the role in the organization decides what they may do. */
const plainTeamRole = z
  .enum(["contributor", "member", ""], {
    error: "roles in teams are not kept: leave it out or send contributor",
  })
  .nullish();
const teamList = z
  .array(z.union([teamSlug, z.preprocess(bothCases, z.object({ teamSlug, role: plainTeamRole }))]))
  .max(100)
  .nullish();

const membership = {
  role: Role.optional().describe("Same as orgRole"),
  orgRole: Role.optional(),
  teamRoles: teamList.describe("Slugs of teams, or objects with teamSlug"),
  teams: teamList.describe("Same as teamRoles"),
};
type Membership = {
  role?: Role | undefined;
  orgRole?: Role | undefined;
  teamRoles?: z.output<typeof teamList>;
  teams?: z.output<typeof teamList>;
};

/** One role and one list, whichever names they came under. `undefined`: nothing was said of it. */
const readMembership = ({ role, orgRole, teamRoles, teams }: Membership) => {
  const lists = [teamRoles, teams].filter((list) => Array.isArray(list));
  const slugs = lists.flat().map((each) => (typeof each === "string" ? each : each.teamSlug));
  return {
    orgRole: orgRole ?? role,
    teams: lists.length > 0 ? [...new Set(slugs)] : undefined,
  };
};
const rolesAgree = ({ role, orgRole }: Membership) => !role || !orgRole || role === orgRole;
const disagreement = { error: "role and orgRole say different things", path: ["role"] };

export const NewMember = z
  .object({
    email: z.email().max(254),
    ...membership,
    sendInvite: boolean().default(true),
    reinvite: boolean().default(true),
  })
  .refine(rolesAgree, disagreement)
  .transform(({ email, sendInvite, reinvite, ...rest }) => {
    const { orgRole = "member", teams = [] } = readMembership(rest);
    return { email, sendInvite, reinvite, orgRole, teams };
  })
  .openapi("NewMember");
export const MemberUpdate = withFixed({ reinvite: false, regenerate: false }, z.object(membership))
  .refine(rolesAgree, disagreement)
  .transform(readMembership)
  .refine(({ orgRole, teams }) => orgRole ?? teams, {
    error: "orgRole or teamRoles is required",
    path: ["orgRole"],
  })
  .openapi("MemberUpdate");

export const InvitationReply = z.object({ acceptInvite: boolean() }).openapi("InvitationReply");
