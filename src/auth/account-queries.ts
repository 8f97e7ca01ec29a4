import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";

export const hasUser = (db: Db) =>
  db.execute<{ exists: boolean }>(sql`select exists (select 1 from users) as exists`);

export const selectIsActive = (db: Db, userId: number) =>
  db.execute<{ isActive: boolean }>(
    sql`select is_active as "isActive" from users where id = ${userId}`,
  );

export const touchLogin = (db: Db, userId: number, now: Date) =>
  db.execute(sql`update users set last_login_at = ${now.toISOString()} where id = ${userId}`);

/** True once for each step: whoever comes second with the same code, or with an older one, gets no row. */
export const useTotpStep = (db: Db, userId: number, step: number) =>
  db.execute<{ id: string }>(sql`
    update two_factors set last_step = ${step} where user_id = ${userId} and last_step < ${step} returning id`);

/** Whether an open invitation waits for an address. The token proves that it is not just anybody asking. */
export const selectIsInvited = (
  db: Db,
  email: string,
  invitation: { memberId: number; tokenHash: string } | undefined,
  now: Date,
) =>
  db.execute<{ exists: boolean }>(sql`
    select exists (
      select 1 from organization_members m join organizations o on o.id = m.org_id and o.deleted_at is null
       where m.user_id is null and lower(m.email) = lower(${email}) and m.invite_expires_at > ${now.toISOString()}
         and m.invite_token_hash is not null
         ${invitation ? sql`and m.id = ${invitation.memberId} and m.invite_token_hash = ${invitation.tokenHash}` : sql``}
    ) as exists`);

export const selectIsVerified = (db: Db, userId: number) =>
  db.execute<{ emailVerified: boolean }>(
    sql`select email_verified as "emailVerified" from users where id = ${userId}`,
  );

/**
 * Who resets a password by mail owns the address. Was it never proven before, then whatever somebody else may have
 * put into the account goes: tokens, passkeys, second factors, social accounts, further addresses.
 */
export const reclaimStatements = (tx: Db, userId: number): Statement[] => [
  tx.execute(sql`delete from api_tokens where user_id = ${userId}`),
  tx.execute(sql`delete from passkeys where user_id = ${userId}`),
  tx.execute(sql`delete from two_factors where user_id = ${userId}`),
  tx.execute(sql`delete from user_emails where user_id = ${userId}`),
  tx.execute(sql`delete from accounts where user_id = ${userId} and provider_id <> 'credential'`),
  tx.execute(sql`
    update users set email_verified = true, two_factor_enabled = false where id = ${userId}`),
];

/** What is over is removed, a bounded number at a time. Served by sessions_expires and verifications_expires. */
export const deleteExpired = (db: Db, now: Date): Statement[] => [
  db.execute(sql`
    delete from sessions where id in (
      select id from sessions where expires_at < ${now.toISOString()} order by expires_at limit 5000)`),
  db.execute(sql`
    delete from verifications where id in (
      select id from verifications where expires_at < ${now.toISOString()} order by expires_at limit 5000)`),
];
