import { powersAt } from "../access/caller";
import { roles } from "../access/schemas";
import { type Role, scopesOfRole } from "../access/scopes";
import { type Speaking, widen } from "../access/speaking";
import { toUser } from "../accounts/shapes";
import { speakOfProjects } from "../projects/shapes";
import { shownOf } from "../protocol/fixed-fields";
import { fixedOrganization } from "../protocol/sentry-constants";
import type { MemberRow } from "./member-queries";
import type { OrganizationChange } from "./organizations";
import type { OrganizationRow } from "./queries";
import type { Member, OrganizationUpdate, Team } from "./schemas";
import type { TeamRow } from "./team-queries";

/** What a body asks for, in the words of the schema; what is left out stays. */
export const toOrganizationChange = (update: OrganizationUpdate): OrganizationChange => ({
  ...(update.name !== undefined && { name: update.name }),
  ...(update.slug !== undefined && { slug: update.slug }),
  ...(update.openMembership !== undefined && { openMembership: update.openMembership }),
  ...(update.isAcceptingEvents !== undefined && { isAcceptingEvents: update.isAcceptingEvents }),
  ...(update.eventThrottleRate !== undefined && { throttleRate: update.eventThrottleRate }),
  ...(update.sensitiveFields && { sensitiveFields: update.sensitiveFields }),
  ...(update.safeFields && { safeFields: update.safeFields }),
});

export const toTeam = (row: TeamRow): Team => ({
  id: String(row.id),
  slug: row.slug,
  name: row.name,
  dateCreated: new Date(row.createdAt).toISOString(),
  isMember: row.isMember,
  memberCount: row.memberCount,
});

const roleTitles = {
  member: "Member",
  admin: "Admin",
  manager: "Manager",
  owner: "Owner",
} as const;

export const toMember = (row: MemberRow): Member => ({
  id: String(row.id),
  role: row.role,
  orgRole: row.role,
  roleName: roleTitles[row.role],
  dateCreated: new Date(row.createdAt).toISOString(),
  email: row.email,
  user: row.user
    ? toUser(
        {
          ...row.user,
          createdAt: new Date(row.user.createdAt),
          lastLoginAt: row.user.lastLoginAt ? new Date(row.user.lastLoginAt) : null,
        },
        row.user.identities.map(({ id, createdAt, ...identity }) => ({
          ...identity,
          id: Number(id),
          createdAt: new Date(createdAt),
        })),
      )
    : null,
  pending: row.user === null,
  isOwner: row.isPrimary,
});

export const toMemberDetail = (row: MemberRow) => ({ ...toMember(row), teams: row.teams });

/*
 * What Sentry's clients read beyond GlitchTip's fields, in the words of Sentry's public API. Only what is true here: a
 * feature that we do not have is false or empty, and what we do not know is left out.
 */

const shownOfOrganization = shownOf(fixedOrganization);

const roleList = roles.map((role) => ({
  id: role,
  name: roleTitles[role],
  desc: "",
  scopes: scopesOfRole[role],
  allowed: true,
  isAllowed: true,
  isRetired: false,
  isTeamRolesAllowed: false,
  is_global: role === "manager" || role === "owner",
  isGlobal: role === "manager" || role === "owner",
  minimumTeamRole: "contributor",
}));
const roleLists = { orgRoleList: roleList, teamRoleList: [] };

const organizationDetailExtras = (role: Role) => ({
  ...shownOfOrganization,
  ...roleLists,
  role,
  orgRole: role,
  experiments: {},
  isDefault: false,
  pendingAccessRequests: 0,
  aggregatedDataConsent: false,
  isDynamicallySampled: false,
  requiresSso: false,
  defaultAutofixAutomationTuning: "off",
  defaultSeerScannerAutomation: false,
  enablePrReviewTestGeneration: false,
  enableSeerEnhancedAlerts: false,
  enableSeerCoding: false,
  allowBackgroundAgentDelegation: false,
  autoEnableCodeReview: false,
  autoOpenPrs: false,
  defaultCodeReviewTriggers: [],
});

const teamExtras = (isMember: boolean, access: string[]) => ({
  teamRole: isMember ? "contributor" : null,
  flags: { "idp:provisioned": false },
  access,
  hasAccess: true,
  isPending: false,
  avatar: { avatarType: "letter_avatar", avatarUuid: null },
});

const isExpired = ({ user, inviteExpiresAt }: MemberRow, now: Date) =>
  user === null && inviteExpiresAt !== null && new Date(inviteExpiresAt) < now;

/** Whoever may invite need not ask, so an invitation is approved from the start. */
const memberExtras = ({ user, email }: Member, row: MemberRow, now: Date) => ({
  name: user?.name || email,
  expired: isExpired(row, now),
  flags: {
    "idp:provisioned": false,
    "idp:role-restricted": false,
    "sso:linked": false,
    "sso:invalid": false,
    "member-limit:restricted": false,
    "partnership:restricted": false,
  },
  inviteStatus: "approved",
  inviterName: null,
});

const memberDetailExtras = (row: MemberRow) => ({
  ...roleLists,
  teamRoles: row.teams.map((teamSlug) => ({ teamSlug, role: null })),
  // It is shown once, when it is made.
  invite_link: null,
  isOnlyOwner: row.isOnlyOwner,
});

/** Organizations with what is in them, as the caller's dialect says it. */
export function speakOfOrganizations(speaking: Speaking) {
  const { caller, deps } = speaking;
  const projects = speakOfProjects(speaking);
  const member = (row: MemberRow): Member =>
    widen(
      speaking,
      {
        ...toMember(row),
        // Programs that speak GlitchTip's dialect need not know of it.
        ...(caller.by === "session" && { expired: isExpired(row, deps.now()) }),
      },
      () => memberExtras(toMember(row), row, deps.now()),
    );
  return {
    ...projects,
    organizationDetail: (row: OrganizationRow, role: Role) =>
      widen(
        speaking,
        {
          ...projects.organization(row),
          openMembership: row.openMembership,
          sensitiveFields: row.sensitiveFields,
          safeFields: row.safeFields,
        },
        () => organizationDetailExtras(role),
      ),
    team: (row: TeamRow, orgId: number): Team => {
      const { name, ...shape } = toTeam(row);
      return widen(speaking, shape, () => ({
        name,
        ...teamExtras(row.isMember, powersAt(caller, orgId)),
      }));
    },
    member,
    memberDetail: (row: MemberRow) =>
      widen(speaking, { ...toMemberDetail(row), ...member(row) }, () => memberDetailExtras(row)),
  };
}
