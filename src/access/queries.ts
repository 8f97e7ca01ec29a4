import { type AnyColumn, eq, type SQLWrapper, sql } from "drizzle-orm";
import { apiTokens } from "../../drizzle/schema/access";
import { accounts, sessions, users } from "../../drizzle/schema/accounts";
import { organizationMembers, organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import type { Role } from "./scopes";

export type CallerRow = {
  id: string;
  label: string;
  userId: string | null;
  email: string | null;
  emailVerified: boolean | null;
  name: string | null;
  isSuperuser: boolean | null;
  userCreatedAt: string | null;
  lastLoginAt: string | null;
  hasPassword: boolean | null;
  options: unknown;
  orgs: {
    id: number;
    slug: string;
    role: Role | null;
    memberId: number | null;
    goneProjectIds: number[];
  }[];
};
type SessionRow = CallerRow & { authenticatedAt: string | null };
type TokenRow = CallerRow & {
  scopes: string[];
  lastUsedAt: string | null;
  expiresAt: string | null;
};

const userColumns = sql`
  ${users.id} as "userId", ${users.email}, ${users.emailVerified} as "emailVerified", ${users.name},
  ${users.isSuperuser} as "isSuperuser", ${users.createdAt} as "userCreatedAt",
  ${users.lastLoginAt} as "lastLoginAt", ${users.options},
  exists (select 1 from ${accounts} where ${accounts.userId} = ${users.id} and ${accounts.password} is not null)
    as "hasPassword"`;

/** Served by projects_deleted, which is almost empty. */
const goneProjects = sql`coalesce((
  select json_agg(${projects.id}) from ${projects}
   where ${projects.orgId} = ${organizations.id} and ${projects.deletedAt} is not null), '[]'::json)`;

const orgAs = (role: SQLWrapper, memberId: SQLWrapper) => sql`
  json_build_object('id', ${organizations.id}, 'slug', ${organizations.slug}, 'role', ${role},
                    'memberId', ${memberId}, 'goneProjectIds', ${goneProjects})`;

/** Served by organization_members_user. */
const orgsOfUser = (userId: AnyColumn) => sql`
  select json_agg(${orgAs(organizationMembers.role, organizationMembers.id)} order by ${organizations.id})
    from ${organizationMembers}
    join ${organizations} on ${organizations.id} = ${organizationMembers.orgId}
   where ${organizationMembers.userId} = ${userId} and ${organizations.deletedAt} is null`;

const orgOfToken = sql`
  select json_agg(${orgAs(sql`null`, sql`null`)}) from ${organizations}
   where ${organizations.id} = ${apiTokens.orgId} and ${organizations.deletedAt} is null`;

/*
 * These two are asked with each request, so they are not built of columns each time, as the query builder does: that
 * takes twenty times as long.
 */

const tokenCallers = fixedSql(sql`
  select ${apiTokens.id}, ${apiTokens.label}, ${apiTokens.scopes}, ${apiTokens.lastUsedAt} as "lastUsedAt",
         ${apiTokens.expiresAt} as "expiresAt", ${userColumns},
         coalesce(case when ${apiTokens.orgId} is null then (${orgsOfUser(apiTokens.userId)})
                       else (${orgOfToken}) end, '[]'::json) as orgs
    from ${apiTokens} left join ${users} on ${users.id} = ${apiTokens.userId}
   where (${users.isActive} or (${apiTokens.userId} is null and ${apiTokens.orgId} is not null))`);

/**
 * A token that works now, with its user and every organization it reaches: all that access needs, in one query.
 * Served by api_tokens_hash and organization_members_user.
 */
export const selectTokenCaller = (db: Db, tokenHash: string, now: Date) =>
  db.execute<TokenRow>(sql`
    ${tokenCallers} and ${apiTokens.tokenHash} = ${tokenHash}
      and (${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > ${now.toISOString()})`);

const sessionCallers = fixedSql(sql`
  select ${sessions.id}, ${users.email} as label, ${sessions.authenticatedAt} as "authenticatedAt", ${userColumns},
         coalesce((${orgsOfUser(users.id)}), '[]'::json) as orgs
    from ${sessions} join ${users} on ${users.id} = ${sessions.userId}
   where ${users.isActive}`);

/** A session that is open now, likewise. Served by sessions_token and organization_members_user. */
export const selectSessionCaller = (db: Db, token: string, now: Date) =>
  db.execute<SessionRow>(sql`
    ${sessionCallers} and ${sessions.token} = ${token} and ${sessions.expiresAt} > ${now.toISOString()}`);

export const touchToken = (db: Db, id: number, now: Date) =>
  db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, id));
