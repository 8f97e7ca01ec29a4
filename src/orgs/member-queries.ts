import { and, eq, exists, isNotNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { accounts, users } from "../../drizzle/schema/accounts";
import { organizationMembers, organizations, teamMembers, teams } from "../../drizzle/schema/orgs";
import type { Actor } from "../access/caller";
import type { Role } from "../access/scopes";
import { type AuditedRow, type AuditNote, insertAuditOfEach, noted } from "../audit/entry-queries";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import type { Range } from "../protocol/cursor";

const a = alias(accounts, "a");
const m = alias(organizationMembers, "m");
const o = alias(organizationMembers, "o");
const t = alias(teams, "t");
const tm = alias(teamMembers, "tm");
const u = alias(users, "u");
const x = alias(organizationMembers, "x");
const org = alias(organizations, "org");

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

const teamSlugs = fixedSql(sql`coalesce((
    select json_agg(${t.slug} order by ${t.slug}) from ${teamMembers} tm join ${teams} t on ${t.id} = ${tm.teamId}
     where ${tm.memberId} = ${m.id}), '[]'::json)`);

const memberColumns = fixedSql(sql`
  ${m.id}, ${m.role}, ${m.isPrimary} as "isPrimary", ${m.createdAt} as "createdAt", ${m.inviteExpiresAt} as "inviteExpiresAt",
  ${m.role} = 'owner' and ${m.userId} is not null and not exists (
    select 1 from ${organizationMembers} o
     where ${o.orgId} = ${m.orgId} and ${o.role} = 'owner' and ${o.userId} is not null and ${o.id} <> ${m.id}) as "isOnlyOwner",
  coalesce(${u.email}, ${m.email}, '') as email,
  ${teamSlugs} as teams,
  case when ${u.id} is not null then json_build_object(
    'id', ${u.id}, 'email', ${u.email}, 'name', ${u.name}, 'isSuperuser', ${u.isSuperuser}, 'createdAt', ${u.createdAt},
    'lastLoginAt', ${u.lastLoginAt}, 'options', ${u.options},
    'hasPassword', exists (select 1 from ${accounts} a where ${a.userId} = ${u.id} and ${a.password} is not null),
    'identities', coalesce((
      select json_agg(json_build_object('id', ${a.id}::text, 'provider', ${a.providerId}, 'uid', ${a.accountId},
                                        'createdAt', ${a.createdAt}) order by ${a.id})
        from ${accounts} a where ${a.userId} = ${u.id} and ${a.providerId} <> 'credential'), '[]'::json)) end as user`);

/** Members and pending invitations, oldest first; of one team if asked. Served by organization_members_org_id. */
export function selectMembers(
  db: Db,
  orgId: number,
  range: Range,
  words: string[] = [],
  teamId?: number,
) {
  const { condition, order, limit } = keyset(undefined, m.id, range);
  const all: SQL[] = [sql`${m.orgId} = ${orgId}`];
  if (teamId !== undefined) {
    all.push(
      sql`${m.id} in (select ${tm.memberId} from ${teamMembers} tm where ${tm.teamId} = ${teamId})`,
    );
  }
  all.push(...containsAll(sql`concat_ws(' ', ${u.name}, ${u.email}, ${m.email})`, words));
  if (condition) all.push(condition);
  return db.execute<MemberRow>(sql`
    select ${memberColumns}
      from ${organizationMembers} m left join ${users} u on ${u.id} = ${m.userId}
     where ${sql.join(all, sql` and `)}
     order by ${order} limit ${limit}`);
}

/** Served by the primary key. */
export const selectMember = (db: Db, orgId: number, memberId: number) =>
  db.execute<MemberRow>(sql`
    select ${memberColumns}
      from ${organizationMembers} m left join ${users} u on ${u.id} = ${m.userId}
     where ${m.id} = ${memberId} and ${m.orgId} = ${orgId}`);

/** What an invitation must know: whether the address is a member, or invited already and as what. */
export const selectInvitee = (db: Db, orgId: number, email: string) =>
  db.execute<{ memberId: string | null; pendingRole: Role | null }>(sql`
    select
      (select ${m.id} from ${organizationMembers} m join ${users} u on ${u.id} = ${m.userId}
        where ${m.orgId} = ${orgId} and lower(${u.email}) = lower(${email})) as "memberId",
      (select ${m.role} from ${organizationMembers} m
        where ${m.orgId} = ${orgId} and ${m.userId} is null and lower(${m.email}) = lower(${email})) as "pendingRole"`);

type Invitation = {
  email: string;
  role: Role;
  tokenHash: string;
  expiresAt: Date;
  teams: string[];
};

/**
 * A pending member with its teams; a second invitation of the same address renews the first. Served by
 * organization_members_pending_email.
 */
export const upsertInvitation = (db: Db, orgId: number, invitation: Invitation, actor: Actor) =>
  db.execute<{ id: string }>(sql`
    with member as (
      ${insertInvitation(orgId, invitation)}
    ), joined as (
      insert into ${teamMembers} (${columnNames(teamMembers, "teamId", "memberId")})
      select ${t.id}, member.id from ${teams} t, member
       where ${t.orgId} = ${orgId} and ${t.slug} = any(${textArray(invitation.teams)})
      on conflict do nothing
    ), noted as (
      ${insertAuditOfEach(sql`member`, orgId, actor, "member.invite", invitation.email, {
        role: invitation.role,
        teams: invitation.teams,
      })}
    )
    select id from member`);

function insertInvitation(orgId: number, { email, role, tokenHash, expiresAt }: Invitation): SQL {
  const renewed = { role, inviteTokenHash: tokenHash, inviteExpiresAt: expiresAt };
  const { id, userId } = organizationMembers;
  const address = columnNames(organizationMembers, "email");
  const names = columnNames(organizationMembers, "role", "inviteTokenHash", "inviteExpiresAt");
  return sql`
      ${insertSelect(organizationMembers, { orgId, email, ...renewed }, sql``)}
      on conflict (${columnNames(organizationMembers, "orgId")}, lower(${address})) where ${userId} is null do update
        set (${names}) = (excluded.role, excluded.invite_token_hash, excluded.invite_expires_at)
      returning ${id}`;
}

const textArray = (values: string[]) =>
  sql`(select coalesce(array_agg(value), '{}') from json_array_elements_text(${JSON.stringify(values)}::json))::text[]`;

export type InvitationRow = MemberRow & { orgId: string; inviteeEmail: string };

/** A pending invitation that this token opens now. Served by the primary key. */
export const selectInvitation = (db: Db, memberId: number, tokenHash: string, now: Date) =>
  db.execute<InvitationRow>(sql`
    select ${memberColumns}, ${m.orgId} as "orgId", ${m.email} as "inviteeEmail"
      from ${organizationMembers} m
      join ${organizations} org on ${org.id} = ${m.orgId} and ${org.deletedAt} is null
      left join ${users} u on ${u.id} = ${m.userId}
     where ${m.id} = ${memberId} and ${m.userId} is null and ${m.inviteTokenHash} = ${tokenHash}
       and ${m.inviteExpiresAt} > ${now.toISOString()}`);

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
    update ${organizationMembers} m
       set ${columnNames(organizationMembers, "userId")} = ${userId}, ${columnNames(organizationMembers, "email")} = null,
           ${columnNames(organizationMembers, "inviteTokenHash")} = null, ${columnNames(organizationMembers, "inviteExpiresAt")} = null
     where ${m.id} = ${memberId} and ${m.orgId} = ${orgId} and ${m.userId} is null and ${m.inviteTokenHash} = ${tokenHash}
       and not exists (select 1 from ${organizationMembers} x where ${x.orgId} = ${m.orgId} and ${x.userId} = ${userId})
    returning ${m.id}`,
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
    delete from ${organizationMembers} m
     where ${m.id} = ${memberId} and ${m.orgId} = ${orgId} and ${m.userId} is null and ${m.inviteTokenHash} = ${tokenHash}
    returning ${m.id}`,
    note,
  );

/** What is to be read of a member for an entry of its change. Served by the primary key. */
export const auditedMember = (orgId: number, memberId: number): AuditedRow => ({
  fields: { role: sql`${m.role}`, teams: teamSlugs },
  from: sql`from ${organizationMembers} m where ${m.id} = ${memberId} and ${m.orgId} = ${orgId}`,
});

/** Owners who can act, not counting one member: what must stay above zero. */
const otherOwner = (orgId: number, memberId: number) => sql`exists (
  select 1 from ${organizationMembers} o
   where ${o.orgId} = ${orgId} and ${o.role} = 'owner' and ${o.userId} is not null and ${o.id} <> ${memberId})`;

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
): Statement => {
  const becomes = sql`coalesce(${role ?? null}::text, ${m.role})`;
  return noted(
    tx,
    orgId,
    sql`
    update ${organizationMembers} m set ${columnNames(organizationMembers, "role")} = ${becomes}
     where ${m.id} = ${memberId} and ${m.orgId} = ${orgId} and ${m.role} = any(${textArray(reach)})
       and (${m.role} <> 'owner' or ${becomes} = 'owner' or (not ${m.isPrimary} and ${otherOwner(orgId, memberId)}))
    returning ${m.id}`,
    note,
  );
};

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
    delete from ${organizationMembers} m
     where ${m.id} = ${memberId} and ${m.orgId} = ${orgId} and not ${m.isPrimary} and ${m.role} = any(${textArray(reach)})
       and (${m.role} <> 'owner' or ${m.userId} is null or ${otherOwner(orgId, memberId)})
    returning ${m.id}`,
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
    delete from ${teamMembers} tm using ${teams} t
     where ${tm.teamId} = ${t.id} and ${tm.memberId} = ${memberId} and ${t.orgId} = ${orgId}
       and ${t.slug} <> all(${textArray(slugs)})`),
  tx.execute(sql`
    insert into ${teamMembers} (${columnNames(teamMembers, "teamId", "memberId")})
    select ${t.id}, ${m.id} from ${teams} t, ${organizationMembers} m
     where ${t.orgId} = ${orgId} and ${t.slug} = any(${textArray(slugs)}) and ${m.id} = ${memberId} and ${m.orgId} = ${orgId}
    on conflict do nothing`),
];
