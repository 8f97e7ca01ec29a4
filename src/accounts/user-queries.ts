import { and, eq, ne, sql } from "drizzle-orm";
import { accounts, sessions, twoFactors, userEmails, users } from "../../drizzle/schema/accounts";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";
import { endOthers } from "./account-queries";

const identitiesMax = 50;

/** Served by accounts_user. */
export const selectIdentities = (db: Db, userId: number) =>
  db
    .select({
      id: accounts.id,
      provider: accounts.providerId,
      uid: accounts.accountId,
      createdAt: accounts.createdAt,
    })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), ne(accounts.providerId, "credential")))
    .orderBy(accounts.id)
    .limit(identitiesMax);

export const updateUser = (
  db: Db,
  userId: number,
  changes: { name?: string | undefined; options?: object | undefined },
): Statement =>
  db
    .update(users)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(users.id, userId));

/** Nothing happens while the person is the primary owner of an organization. */
export const deleteUser = (db: Db, userId: number) =>
  db.execute<{ id: string }>(sql`
    delete from users u where u.id = ${userId} and not exists (
      select 1 from organization_members m join organizations o on o.id = m.org_id
       where m.user_id = u.id and m.is_primary and o.deleted_at is null)
    returning id`);

export const selectSubscribeByDefault = (db: Db, userId: number) =>
  db
    .select({ subscribeByDefault: users.subscribeByDefault })
    .from(users)
    .where(eq(users.id, userId));

export const updateSubscribeByDefault = (db: Db, userId: number, wanted: boolean) =>
  db.update(users).set({ subscribeByDefault: wanted }).where(eq(users.id, userId));

export type EmailRow = { email: string; isPrimary: boolean; isVerified: boolean };
const emailsMax = 200;

/** The main address first. Served by the primary key and user_emails_user_email. */
export const selectEmails = (db: Db, userId: number) =>
  db.execute<EmailRow>(sql`
    select email, true as "isPrimary", email_verified as "isVerified" from users where id = ${userId}
    union all
    (select email, false, is_verified from user_emails where user_id = ${userId} order by id limit ${emailsMax})`);

/** Somebody's proven or main address is taken; what is unproven elsewhere is not. */
export const selectIsTaken = (db: Db, email: string) =>
  db.execute<{ taken: boolean }>(sql`
    select exists (select 1 from users where lower(email) = lower(${email}))
        or exists (select 1 from user_emails where lower(email) = lower(${email}) and is_verified) as taken`);

/** A new address, or a new token for an unproven one. */
export const upsertEmail = (
  db: Db,
  userId: number,
  email: string,
  tokenHash: string,
  expiresAt: Date,
) =>
  db.execute<{ id: string }>(sql`
    insert into user_emails (user_id, email, token_hash, token_expires_at)
    select ${userId}, ${email}, ${tokenHash}, ${expiresAt.toISOString()}
     where (select count(*) from user_emails where user_id = ${userId}) < ${emailsMax}
    on conflict (user_id, lower(email)) do update
      set token_hash = excluded.token_hash, token_expires_at = excluded.token_expires_at
      where not user_emails.is_verified
    returning id`);

/** Proves an address, once, unless somebody else has it by now. Served by user_emails_token. */
export const verifyEmail = (db: Db, tokenHash: string, now: Date) =>
  db.execute<{ id: string }>(sql`
    update user_emails e set is_verified = true, token_hash = null, token_expires_at = null
     where e.token_hash = ${tokenHash} and e.token_expires_at > ${now.toISOString()}
       and not exists (select 1 from users u where lower(u.email) = lower(e.email))
       and not exists (select 1 from user_emails x where lower(x.email) = lower(e.email) and x.is_verified)
    returning e.id`);

const isProven = (userId: number, email: string) => sql`exists (
  select 1 from user_emails where user_id = ${userId} and lower(email) = lower(${email}) and is_verified)`;

/**
 * The proven address becomes the main one, the main one a further one, and what the old one may have opened ends.
 * One transaction; the last answer has a row if there was such an address.
 */
export const makePrimary = (tx: Db, userId: number, email: string, sessionId: number) =>
  [
    ...endOthers(tx, userId, { sessionId }, isProven(userId, email)),
    movePrimary(tx, userId, email),
  ] satisfies Statement[];

const movePrimary = (db: Db, userId: number, email: string) =>
  db.execute<{ id: string }>(sql`
    with chosen as (
      delete from user_emails where user_id = ${userId} and lower(email) = lower(${email}) and is_verified
      returning email
    ), kept as (
      insert into user_emails (user_id, email, is_verified)
      select u.id, u.email, u.email_verified from users u, chosen where u.id = ${userId}
    )
    update users u set email = lower(chosen.email), email_verified = true, updated_at = now()
      from chosen where u.id = ${userId} returning u.id`);

export const deleteEmail = (db: Db, userId: number, email: string) =>
  db
    .delete(userEmails)
    .where(and(eq(userEmails.userId, userId), sql`lower(${userEmails.email}) = lower(${email})`))
    .returning({ id: userEmails.id });

/** Replaces the recovery codes of somebody who has a second factor. */
export const updateRecoveryCodes = (db: Db, userId: number, codes: string) =>
  db
    .update(twoFactors)
    .set({ backupCodes: codes })
    .where(and(eq(twoFactors.userId, userId), twoFactors.verified))
    .returning({ id: twoFactors.id });

const managedColumns = {
  id: users.id,
  email: users.email,
  name: users.name,
  isActive: users.isActive,
  isSuperuser: users.isSuperuser,
  createdAt: users.createdAt,
  lastLoginAt: users.lastLoginAt,
};

/** Everybody, oldest first; those whose address begins with a text if asked. Served by the primary key. */
export function selectUsers(db: Db, prefix: string, range: Range) {
  const { condition, order, limit } = keyset(undefined, users.id, range);
  return db
    .select(managedColumns)
    .from(users)
    .where(and(sql`starts_with(lower(${users.email}), lower(${prefix}))`, condition))
    .orderBy(order)
    .limit(limit);
}
export type ManagedUserRow = Awaited<ReturnType<typeof selectUsers>>[number];

/** Who is deactivated loses every session; tokens sleep until the person is active again. The second answer is the person. */
export const updateManagedUser = (
  tx: Db,
  userId: number,
  { isActive, isSuperuser }: { isActive?: boolean | undefined; isSuperuser?: boolean | undefined },
) =>
  [
    tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), sql`${isActive === false}::boolean`)),
    tx
      .update(users)
      .set({ isActive, isSuperuser, updatedAt: sql`now()` })
      .where(eq(users.id, userId))
      .returning(managedColumns),
  ] as const;
