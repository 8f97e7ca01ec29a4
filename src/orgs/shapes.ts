import { type IdentityRow, toUser } from "../accounts/shapes";
import type { MemberRow } from "./member-queries";
import type { OrganizationRow } from "./queries";
import type { Member, Organization, Team } from "./schemas";
import type { TeamRow } from "./team-queries";

export const toOrganization = (row: OrganizationRow): Organization => ({
  id: String(row.id),
  name: row.name,
  slug: row.slug,
  dateCreated: row.createdAt.toISOString(),
  status: { id: "active", name: "active" },
  avatar: { avatarType: "", avatarUuid: null },
  isEarlyAdopter: false,
  require2fa: false,
  require2FA: false,
  requireEmailVerification: false,
  features: [],
  isAcceptingEvents: row.isAcceptingEvents,
  eventThrottleRate: row.throttleRate,
});

export const toTeam = (row: TeamRow): Team => ({
  id: String(row.id),
  slug: row.slug,
  name: row.name,
  dateCreated: new Date(row.createdAt).toISOString(),
  isMember: row.isMember,
  memberCount: row.memberCount,
});

export const roleTitles = {
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
        row.user.identities as IdentityRow[],
      )
    : null,
  pending: row.user === null,
  isOwner: row.isPrimary,
});

export const toMemberDetail = (row: MemberRow) => ({ ...toMember(row), teams: row.teams });
