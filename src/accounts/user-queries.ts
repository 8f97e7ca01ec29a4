import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";
import { endOthers } from "./account-queries";
import type { IdentityRow } from "./shapes";

/** Served by accounts_user. */
export const selectIdentities = (db: Db, userId: number) =>
  db.execute<IdentityRow>(sql`
    select id::text, provider_id as provider, account_id as uid, created_at as "createdAt"
      from accounts where user_id = ${userId} and provider_id <> 'credential' order by id limit 50`);

export const updateUser = (
  db: Db,
  userId: number,
  changes: { name?: string | undefined; options?: object | undefined },
): Statement =>
  db.execute(sql`
    update users set name = coalesce(${changes.name ?? null}, name),
           options = coalesce(${changes.options ? JSON.stringify(changes.options) : null}::jsonb, options),
           updated_at = now()
     where id = ${userId}`);

/** Nothing happens while the person is the primary owner of an organization. */
export const deleteUser = (db: Db, userId: number) =>
  db.execute<{ id: string }>(sql`
    delete from users u where u.id = ${userId} and not exists (
      select 1 from organization_members m join organizations o on o.id = m.org_id
       where m.user_id = u.id and m.is_primary and o.deleted_at is null)
    returning id`);

export const selectSubscribeByDefault = (db: Db, userId: number) =>
  db.execute<{ subscribeByDefault: boolean }>(sql`
    select subscribe_by_default as "subscribeByDefault" from users where id = ${userId}`);

export const updateSubscribeByDefault = (db: Db, userId: number, wanted: boolean) =>
  db.execute(sql`update users set subscribe_by_default = ${wanted} where id = ${userId}`);

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
  db.execute<{ id: string }>(sql`
    delete from user_emails where user_id = ${userId} and lower(email) = lower(${email}) returning id`);

/** Replaces the recovery codes of somebody who has a second factor. */
export const updateRecoveryCodes = (db: Db, userId: number, codes: string) =>
  db.execute<{ id: string }>(sql`
    update two_factors set backup_codes = ${codes} where user_id = ${userId} and verified returning id`);

export type ManagedUserRow = {
  id: string;
  email: string;
  name: string;
  isActive: boolean;
  isSuperuser: boolean;
  createdAt: string;
  lastLoginAt: string | null;
};

const managedColumns = sql`id, email, name, is_active as "isActive", is_superuser as "isSuperuser",
  created_at as "createdAt", last_login_at as "lastLoginAt"`;

/** Everybody, oldest first; those whose address begins with a text if asked. Served by the primary key. */
export function selectUsers(db: Db, prefix: string, { cursor, limit }: Range) {
  const backward = cursor?.backward ?? false;
  const after = cursor ? sql`and id ${sql.raw(backward ? "<" : ">")} ${cursor.id}::bigint` : sql``;
  return db.execute<ManagedUserRow>(sql`
    select ${managedColumns} from users where starts_with(lower(email), lower(${prefix})) ${after}
     order by id ${sql.raw(backward ? "desc" : "asc")} limit ${limit + 1}`);
}

/** Who is deactivated loses every session; tokens sleep until the person is active again. */
export const updateManagedUser = (
  db: Db,
  userId: number,
  changes: { isActive?: boolean | undefined; isSuperuser?: boolean | undefined },
) =>
  db.execute<ManagedUserRow>(sql`
    with ended as (
      delete from sessions where user_id = ${userId} and ${changes.isActive === false}::boolean
    )
    update users set is_active = coalesce(${changes.isActive ?? null}::boolean, is_active),
           is_superuser = coalesce(${changes.isSuperuser ?? null}::boolean, is_superuser), updated_at = now()
     where id = ${userId} returning ${managedColumns}`);
