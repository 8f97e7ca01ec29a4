import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../platform/database";
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
  u.id as "userId", u.email, u.email_verified as "emailVerified", u.name, u.is_superuser as "isSuperuser",
  u.created_at as "userCreatedAt", u.last_login_at as "lastLoginAt", u.options,
  exists (select 1 from accounts a where a.user_id = u.id and a.password is not null) as "hasPassword"`;

/** Served by projects_deleted, which is almost empty. */
const goneProjects = sql`coalesce((
  select json_agg(p.id) from projects p where p.org_id = o.id and p.deleted_at is not null), '[]'::json)`;

/** Served by organization_members_user. */
const orgsOfUser = (userId: SQL) => sql`
  select json_agg(json_build_object('id', o.id, 'slug', o.slug, 'role', m.role, 'memberId', m.id,
                                    'goneProjectIds', ${goneProjects}) order by o.id)
    from organization_members m join organizations o on o.id = m.org_id
   where m.user_id = ${userId} and o.deleted_at is null`;

/**
 * A token that works now, with its user and every organization it reaches: all that access needs, in one query.
 * Served by api_tokens_hash and organization_members_user.
 */
export const selectTokenCaller = (db: Db, tokenHash: string, now: Date) =>
  db.execute<TokenRow>(sql`
    select t.id, t.label, t.scopes, t.last_used_at as "lastUsedAt", t.expires_at as "expiresAt", ${userColumns},
           coalesce(case when t.org_id is null then (${orgsOfUser(sql`t.user_id`)}) else (
             select json_agg(json_build_object('id', o.id, 'slug', o.slug, 'role', null, 'memberId', null,
                                               'goneProjectIds', ${goneProjects}))
               from organizations o where o.id = t.org_id and o.deleted_at is null) end, '[]'::json) as orgs
      from api_tokens t left join users u on u.id = t.user_id
     where t.token_hash = ${tokenHash}
       and (t.expires_at is null or t.expires_at > ${now.toISOString()})
       and (u.is_active or (t.user_id is null and t.org_id is not null))`);

/** A session that is open now, likewise. Served by sessions_token and organization_members_user. */
export const selectSessionCaller = (db: Db, token: string, now: Date) =>
  db.execute<SessionRow>(sql`
    select s.id, u.email as label, s.authenticated_at as "authenticatedAt", ${userColumns}, coalesce((${orgsOfUser(sql`u.id`)}), '[]'::json) as orgs
      from sessions s join users u on u.id = s.user_id
     where s.token = ${token} and s.expires_at > ${now.toISOString()} and u.is_active`);

export const touchToken = (db: Db, id: number, now: Date) =>
  db.execute(sql`update api_tokens set last_used_at = ${now.toISOString()} where id = ${id}`);
