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

/** The person proved in this session who they are. Served by the primary key. */
export const touchAuthentication = (db: Db, sessionId: number, now: Date) =>
  db.execute(sql`
    update sessions set authenticated_at = ${now.toISOString()} where id = ${sessionId}`);

/** What a person may prove something with. The value of these is the person's id; of all others it is not. */
export const personalKinds = ["reset-password", "verify-email", "trust-device", "2fa"] as const;
const personalKind = sql.raw(`'^(${personalKinds.join("|")}):'`);

/**
 * What was mailed or handed out before the way to sign in changed opens nothing any more: links for passwords and
 * addresses, trusted devices, half a sign-in. Served by verifications_person and user_emails_user_email.
 */
export const endProofs = (tx: Db, userId: number, provided = sql`true`): Statement[] => [
  tx.execute(sql`
    delete from verifications
     where value = ${String(userId)} and length(value) <= 20 and identifier ~ ${personalKind} and ${provided}`),
  tx.execute(sql`
    update user_emails set token_hash = null, token_expires_at = null
     where user_id = ${userId} and token_hash is not null and ${provided}`),
];

/** That, and every session but the one in which it changed. Served by sessions_user. */
export const endOthers = (
  tx: Db,
  userId: number,
  kept: { sessionId: number; token?: string | undefined },
  provided = sql`true`,
): Statement[] => [
  ...endProofs(tx, userId, provided),
  tx.execute(sql`
    delete from sessions
     where user_id = ${userId} and id <> ${kept.sessionId} and token <> ${kept.token ?? ""} and ${provided}`),
];

/** A link for the main address. */
export const insertProof = (
  db: Db,
  proof: { identifier: string; userId: number; expiresAt: Date; now: Date },
) =>
  db.execute(sql`
    insert into verifications (identifier, value, expires_at, created_at, updated_at)
    values (${proof.identifier}, ${String(proof.userId)}, ${proof.expiresAt.toISOString()},
            ${proof.now.toISOString()}, ${proof.now.toISOString()})`);

/** Proves the main address, once; links that were sent before go too. Served by verifications_identifier and _person. */
export const verifyMainEmail = (db: Db, identifier: string, now: Date) =>
  db.execute<{ id: string }>(sql`
    with used as (
      delete from verifications where identifier = ${identifier} and expires_at > ${now.toISOString()}
      returning value
    ), older as (
      delete from verifications v using used
       where v.value = used.value and length(v.value) <= 20 and v.identifier <> ${identifier}
         and starts_with(v.identifier, 'verify-email:')
    )
    update users u set email_verified = true, updated_at = now()
      from used where u.id = used.value::bigint returning u.id`);

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
 * put into the account goes: passkeys, second factors, social accounts, further addresses (and tokens, besides).
 */
export const reclaimStatements = (tx: Db, userId: number): Statement[] => [
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
