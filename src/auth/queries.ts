import { sql } from "drizzle-orm";
import type { Db } from "../platform/database";
import type { Role } from "./scopes";

export type TokenRow = {
  id: string;
  label: string;
  scopes: string[];
  lastUsedAt: string | null;
  userId: string | null;
  email: string | null;
  name: string | null;
  isSuperuser: boolean | null;
  userCreatedAt: string | null;
  lastLoginAt: string | null;
  orgs: { id: number; slug: string; role: Role }[];
};

/**
 * A token that works now, with its user and every organization it reaches: all that access needs, in one query.
 * Served by api_tokens_hash and organization_members_user.
 */
export const selectToken = (db: Db, tokenHash: string, now: Date) =>
  db.execute<TokenRow>(sql`
    select t.id, t.label, t.scopes, t.last_used_at as "lastUsedAt", u.id as "userId", u.email, u.name,
           u.is_superuser as "isSuperuser", u.created_at as "userCreatedAt", u.last_login_at as "lastLoginAt",
           coalesce((
             select json_agg(json_build_object('id', o.id, 'slug', o.slug, 'role', m.role) order by o.id)
               from organizations o
               left join organization_members m on m.org_id = o.id and m.user_id = t.user_id
              where case when t.org_id is null then m.id is not null else o.id = t.org_id end
                and (t.org_id is not null or o.id in (select org_id from organization_members where user_id = t.user_id))
           ), '[]'::json) as orgs
      from api_tokens t left join users u on u.id = t.user_id
     where t.token_hash = ${tokenHash}
       and (t.expires_at is null or t.expires_at > ${now.toISOString()})
       and (u.is_active or (t.user_id is null and t.org_id is not null))`);

export const touchToken = (db: Db, id: number, now: Date) =>
  db.execute(sql`update api_tokens set last_used_at = ${now.toISOString()} where id = ${id}`);
