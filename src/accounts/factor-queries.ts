import { sql } from "drizzle-orm";
import type { Db } from "../platform/database";

export type FactorRow = {
  type: "totp" | "recovery_codes" | "webauthn";
  id: string;
  name: string | null;
  createdAt: string;
  /** When its last code was used; null when that is not known. */
  lastUsedAt: string | null;
  /** Recovery codes that are left. */
  left: number;
};

/** What a person may be asked for besides the password. Served by two_factors_user and passkeys_user. */
export const selectFactors = (db: Db, userId: number) =>
  db.execute<FactorRow>(sql`
    select 'totp' as type, id::text, null as name, created_at as "createdAt",
           case when last_step > 0 then to_timestamp(last_step * 30) end as "lastUsedAt", 0 as left
      from two_factors where user_id = ${userId} and verified
    union all
    select 'recovery_codes', id::text, null, created_at, null, jsonb_array_length(backup_codes::jsonb)
      from two_factors where user_id = ${userId} and verified
    union all
    (select 'webauthn', id::text, name, created_at, null, 0
      from passkeys where user_id = ${userId} order by id limit 50)`);

export type SessionRow = {
  id: string;
  ip: string | null;
  userAgent: string | null;
  createdAt: string;
  updatedAt: string;
};

/** Every browser in which a person is signed in. Served by sessions_user. */
export const selectSessions = (db: Db, userId: number, now: Date) =>
  db.execute<SessionRow>(sql`
    select id::text, ip_address as ip, user_agent as "userAgent", created_at as "createdAt", updated_at as "updatedAt"
      from sessions where user_id = ${userId} and expires_at > ${now.toISOString()} order by id desc limit 100`);

/** Served by the primary key. */
export const deleteSessions = (db: Db, userId: number, ids: number[]) =>
  db.execute(sql`
    delete from sessions where user_id = ${userId} and id = any(${`{${ids.join(",")}}`}::bigint[])`);

/** Which of one's services an account at another service is. Served by accounts_provider_account. */
export const selectAccountId = (db: Db, userId: number, provider: string, uid: string) =>
  db.execute<{ id: string }>(sql`
    select id::text from accounts
     where user_id = ${userId} and provider_id = ${provider} and account_id = ${uid}`);

/** Served by the primary key. */
export const renamePasskey = (db: Db, userId: number, id: number, name: string) =>
  db.execute<{ id: string }>(sql`
    update passkeys set name = ${name} where id = ${id} and user_id = ${userId} returning id`);

/** Whose link from a mail this is, while it works. Served by verifications_identifier and user_emails_token. */
export const selectProof = (db: Db, link: { identifier: string; tokenHash: string }, now: Date) =>
  db.execute<{ id: string; email: string; main: string; hasPassword: boolean }>(sql`
    select u.id, p.email, u.email as main,
           exists (select 1 from accounts a where a.user_id = u.id and a.password is not null) as "hasPassword"
      from (
        select v.value::bigint as user_id, x.email
          from (select value from verifications
                 where identifier = ${link.identifier} and expires_at > ${now.toISOString()}) v
          join users x on x.id = v.value::bigint
        union all
        select user_id, email from user_emails
         where token_hash = ${link.tokenHash} and token_expires_at > ${now.toISOString()}
      ) p join users u on u.id = p.user_id`);
