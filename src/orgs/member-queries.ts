import { and, eq, exists, isNotNull, type SQL, sql } from "drizzle-orm";
import { organizationMembers } from "../../drizzle/schema/orgs";
import type { Actor } from "../access/caller";
import type { Role } from "../access/scopes";
import { type AuditedRow, type AuditNote, insertAuditOfEach, noted } from "../audit/entry-queries";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import type { Range } from "../protocol/cursor";

export type MemberRow = {
  id: string;
  role: Role;
  isPrimary: boolean;
  isOnlyOwner: boolean;
  inviteExpiresAt: string | null;
  createdAt: string;
  email: string;
  teams: string[];
  user: {
    id: number;
    email: string;
    name: string;
    isSuperuser: boolean;
    createdAt: string;
    lastLoginAt: string | null;
    hasPassword: boolean;
    options: unknown;
    identities: { id: string; provider: string; uid: string; createdAt: string }[];
  } | null;
};

const teamSlugs = sql`coalesce((
    select json_agg(t.slug order by t.slug) from team_members tm join teams t on t.id = tm.team_id
     where tm.member_id = m.id), '[]'::json)`;

const memberColumns = sql`
  m.id, m.role, m.is_primary as "isPrimary", m.created_at as "createdAt", m.invite_expires_at as "inviteExpiresAt",
  m.role = 'owner' and m.user_id is not null and not exists (
    select 1 from organization_members o
     where o.org_id = m.org_id and o.role = 'owner' and o.user_id is not null and o.id <> m.id) as "isOnlyOwner",
  coalesce(u.email, m.email, '') as email,
  ${teamSlugs} as teams,
  case when u.id is not null then json_build_object(
    'id', u.id, 'email', u.email, 'name', u.name, 'isSuperuser', u.is_superuser, 'createdAt', u.created_at,
    'lastLoginAt', u.last_login_at, 'options', u.options,
    'hasPassword', exists (select 1 from accounts a where a.user_id = u.id and a.password is not null),
    'identities', coalesce((
      select json_agg(json_build_object('id', a.id::text, 'provider', a.provider_id, 'uid', a.account_id,
                                        'createdAt', a.created_at) order by a.id)
        from accounts a where a.user_id = u.id and a.provider_id <> 'credential'), '[]'::json)) end as user`;

/** Members and pending invitations, oldest first; of one team if asked. Served by organization_members_org_id. */
export function selectMembers(
  db: Db,
  orgId: number,
  range: Range,
  words: string[] = [],
  teamId?: number,
) {
  const { condition, order, limit } = keyset(undefined, { by: sql`m.id`, type: "bigint" }, range);
  const all: SQL[] = [sql`m.org_id = ${orgId}`];
  if (teamId !== undefined) {
    all.push(sql`m.id in (select member_id from team_members where team_id = ${teamId})`);
  }
  all.push(...containsAll(sql`concat_ws(' ', u.name, u.email, m.email)`, words));
  if (condition) all.push(condition);
  return db.execute<MemberRow>(sql`
    select ${memberColumns}
      from organization_members m left join users u on u.id = m.user_id
     where ${sql.join(all, sql` and `)}
     order by ${order} limit ${limit}`);
}

/** Served by the primary key. */
export const selectMember = (db: Db, orgId: number, memberId: number) =>
  db.execute<MemberRow>(sql`
    select ${memberColumns}
      from organization_members m left join users u on u.id = m.user_id
     where m.id = ${memberId} and m.org_id = ${orgId}`);

/** What an invitation must know: whether the address is a member, or invited already and as what. */
export const selectInvitee = (db: Db, orgId: number, email: string) =>
  db.execute<{ memberId: string | null; pendingRole: Role | null }>(sql`
    select
      (select m.id from organization_members m join users u on u.id = m.user_id
        where m.org_id = ${orgId} and lower(u.email) = lower(${email})) as "memberId",
      (select m.role from organization_members m
        where m.org_id = ${orgId} and m.user_id is null and lower(m.email) = lower(${email})) as "pendingRole"`);

/**
 * A pending member with its teams; a second invitation of the same address renews the first. Served by
 * organization_members_pending_email.
 */
export const upsertInvitation = (
  db: Db,
  orgId: number,
  invitation: { email: string; role: Role; tokenHash: string; expiresAt: Date; teams: string[] },
  actor: Actor,
) =>
  db.execute<{ id: string }>(sql`
    with member as (
      insert into organization_members (org_id, email, role, invite_token_hash, invite_expires_at)
      values (${orgId}, ${invitation.email}, ${invitation.role}, ${invitation.tokenHash},
              ${invitation.expiresAt.toISOString()})
      on conflict (org_id, lower(email)) where user_id is null do update
        set role = excluded.role, invite_token_hash = excluded.invite_token_hash,
            invite_expires_at = excluded.invite_expires_at
      returning id
    ), joined as (
      insert into team_members (team_id, member_id)
      select t.id, member.id from teams t, member
       where t.org_id = ${orgId} and t.slug = any(${textArray(invitation.teams)})
      on conflict do nothing
    ), noted as (
      ${insertAuditOfEach(sql`member`, orgId, actor, "member.invite", invitation.email, {
        role: invitation.role,
        teams: invitation.teams,
      })}
    )
    select id from member`);

const textArray = (values: string[]) =>
  sql`(select coalesce(array_agg(value), '{}') from json_array_elements_text(${JSON.stringify(values)}::json))::text[]`;

export type InvitationRow = MemberRow & { orgId: string; inviteeEmail: string };

/** A pending invitation that this token opens now. Served by the primary key. */
export const selectInvitation = (db: Db, memberId: number, tokenHash: string, now: Date) =>
  db.execute<InvitationRow>(sql`
    select ${memberColumns}, m.org_id as "orgId", m.email as "inviteeEmail"
      from organization_members m
      join organizations o on o.id = m.org_id and o.deleted_at is null
      left join users u on u.id = m.user_id
     where m.id = ${memberId} and m.user_id is null and m.invite_token_hash = ${tokenHash}
       and m.invite_expires_at > ${now.toISOString()}`);

/**
 * Turns an invitation into a membership, once: the token is gone with it. Nothing happens when it was used or
 * withdrawn meanwhile, or the person is a member already.
 */
export const acceptInvitation = (
  tx: Db,
  orgId: number,
  memberId: number,
  tokenHash: string,
  userId: number,
  note: AuditNote,
) =>
  noted(
    tx,
    orgId,
    sql`
    update organization_members m
       set user_id = ${userId}, email = null, invite_token_hash = null, invite_expires_at = null
     where m.id = ${memberId} and m.org_id = ${orgId} and m.user_id is null and m.invite_token_hash = ${tokenHash}
       and not exists (select 1 from organization_members x where x.org_id = m.org_id and x.user_id = ${userId})
    returning m.id`,
    note,
  );

export const removePendingInvitation = (
  tx: Db,
  orgId: number,
  memberId: number,
  tokenHash: string,
  note: AuditNote,
) =>
  noted(
    tx,
    orgId,
    sql`
    delete from organization_members
     where id = ${memberId} and org_id = ${orgId} and user_id is null and invite_token_hash = ${tokenHash}
    returning id`,
    note,
  );

/** What is to be read of a member for an entry of its change. Served by the primary key. */
export const auditedMember = (orgId: number, memberId: number): AuditedRow => ({
  fields: { role: sql`m.role`, teams: teamSlugs },
  from: sql`from ${organizationMembers} m where m.id = ${memberId} and m.org_id = ${orgId}`,
});

/** Owners who can act, not counting one member: what must stay above zero. */
const otherOwner = (orgId: number, memberId: number) => sql`exists (
  select 1 from organization_members o
   where o.org_id = ${orgId} and o.role = 'owner' and o.user_id is not null and o.id <> ${memberId})`;

/**
 * Nothing happens when the last owner would go, or when the member has another role by now than one of `reach`. Run
 * it in commitUnder: writers of one organization's members take turns there, so that its last owner cannot be lost
 * between two of them. Without a role it stays.
 */
export const updateMemberRole = (
  tx: Db,
  orgId: number,
  memberId: number,
  { role, reach }: { role: Role | undefined; reach: Role[] },
  note: AuditNote,
): Statement =>
  noted(
    tx,
    orgId,
    sql`
    update organization_members set role = coalesce(${role ?? null}::text, role)
     where id = ${memberId} and org_id = ${orgId} and role = any(${textArray(reach)})
       and (role <> 'owner' or coalesce(${role ?? null}::text, role) = 'owner' or (not is_primary and ${otherOwner(orgId, memberId)}))
    returning id`,
    note,
  );

/** Likewise. The primary owner cannot go at all. */
export const deleteMember = (
  tx: Db,
  orgId: number,
  memberId: number,
  reach: Role[],
  note: AuditNote,
): Statement =>
  noted(
    tx,
    orgId,
    sql`
    delete from organization_members
     where id = ${memberId} and org_id = ${orgId} and not is_primary and role = any(${textArray(reach)})
       and (role <> 'owner' or user_id is null or ${otherOwner(orgId, memberId)})
    returning id`,
    note,
  );

const acceptedMember = (orgId: number, memberId: number) =>
  and(
    eq(organizationMembers.id, memberId),
    eq(organizationMembers.orgId, orgId),
    isNotNull(organizationMembers.userId),
  );

export const clearPrimary = (tx: Db, orgId: number, memberId: number): Statement =>
  tx
    .update(organizationMembers)
    .set({ isPrimary: false })
    .where(
      and(
        eq(organizationMembers.orgId, orgId),
        organizationMembers.isPrimary,
        // Nobody stops being primary for somebody who cannot become it.
        exists(
          tx
            .select({ id: organizationMembers.id })
            .from(organizationMembers)
            .where(acceptedMember(orgId, memberId)),
        ),
      ),
    );

export const setPrimary = (tx: Db, orgId: number, memberId: number): Statement =>
  tx
    .update(organizationMembers)
    .set({ isPrimary: true, role: "owner" })
    .where(acceptedMember(orgId, memberId));

/** Replaces the teams of a member. */
export const setMemberTeams = (
  tx: Db,
  orgId: number,
  memberId: number,
  slugs: string[],
): Statement[] => [
  tx.execute(sql`
    delete from team_members tm using teams t
     where tm.team_id = t.id and tm.member_id = ${memberId} and t.org_id = ${orgId}
       and t.slug <> all(${textArray(slugs)})`),
  tx.execute(sql`
    insert into team_members (team_id, member_id)
    select t.id, m.id from teams t, organization_members m
     where t.org_id = ${orgId} and t.slug = any(${textArray(slugs)}) and m.id = ${memberId} and m.org_id = ${orgId}
    on conflict do nothing`),
];
