import { and, asc, eq, exists, gt, isNull, ne, notExists, type SQLWrapper, sql } from "drizzle-orm";
import { alias, unionAll } from "drizzle-orm/pg-core";
import { accounts, sessions, twoFactors, userEmails, users } from "../../drizzle/schema/accounts";
import { organizationMembers, organizations } from "../../drizzle/schema/orgs";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
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

/** What is undefined stays. */
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
export function deleteUser(db: Db, userId: number) {
  const { id, orgId, isPrimary } = organizationMembers;
  const owned = db
    .select({ id })
    .from(organizationMembers)
    .innerJoin(organizations, eq(organizations.id, orgId))
    .where(
      and(eq(organizationMembers.userId, users.id), isPrimary, isNull(organizations.deletedAt)),
    );
  return db
    .delete(users)
    .where(and(eq(users.id, userId), notExists(owned)))
    .returning({ id: users.id });
}

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
export function selectEmails(db: Db, userId: number) {
  const main = db
    .select({
      email: users.email,
      isPrimary: sql<boolean>`true`.as("is_primary"),
      isVerified: users.emailVerified,
    })
    .from(users)
    .where(eq(users.id, userId));
  const further = db
    .select({
      email: userEmails.email,
      isPrimary: sql<boolean>`false`,
      isVerified: userEmails.isVerified,
    })
    .from(userEmails)
    .where(eq(userEmails.userId, userId))
    .orderBy(asc(userEmails.id))
    .limit(emailsMax);
  return unionAll(main, further);
}

/** As the indexes users_email, user_emails_user_email and user_emails_verified have it. */
const isSame = (address: SQLWrapper, other: SQLWrapper | string) =>
  sql`lower(${address}) = lower(${other})`;

/** Rows, if somebody's proven or main address is taken; what is unproven elsewhere is not. */
export const selectTaken = (db: Db, email: string) =>
  unionAll(
    db.select({ id: users.id }).from(users).where(isSame(users.email, email)),
    db
      .select({ id: userEmails.id })
      .from(userEmails)
      .where(and(isSame(userEmails.email, email), userEmails.isVerified)),
  ).limit(1);

/** A new address, or a new token for an unproven one. */
export function upsertEmail(
  db: Db,
  userId: number,
  email: string,
  tokenHash: string,
  tokenExpiresAt: Date,
) {
  const hash = columnNames(userEmails, "tokenHash");
  const until = columnNames(userEmails, "tokenExpiresAt");
  const row = { userId, email, tokenHash, tokenExpiresAt };
  const room = sql`
    where (select count(*) from ${userEmails} where ${userEmails.userId} = ${userId}) < ${emailsMax}`;
  return db.execute<{ id: string }>(sql`
    ${insertSelect(userEmails, row, room)}
    on conflict (${columnNames(userEmails, "userId")}, lower(${columnNames(userEmails, "email")})) do update
      set ${hash} = excluded.${hash}, ${until} = excluded.${until}
      where not ${userEmails.isVerified}
    returning ${userEmails.id}`);
}

/** Proves an address, once, unless somebody else has it by now. Served by user_emails_token. */
export function verifyEmail(db: Db, tokenHash: string, now: Date) {
  const other = alias(userEmails, "other");
  const main = db.select({ id: users.id }).from(users).where(isSame(users.email, userEmails.email));
  const proven = db
    .select({ id: other.id })
    .from(other)
    .where(and(isSame(other.email, userEmails.email), other.isVerified));
  return db
    .update(userEmails)
    .set({ isVerified: true, tokenHash: null, tokenExpiresAt: null })
    .where(
      and(
        eq(userEmails.tokenHash, tokenHash),
        gt(userEmails.tokenExpiresAt, now),
        notExists(main),
        notExists(proven),
      ),
    )
    .returning({ id: userEmails.id });
}

/** An address of the person that is proven and not the main one. */
const isProven = (userId: number, email: string) =>
  and(eq(userEmails.userId, userId), isSame(userEmails.email, email), userEmails.isVerified);

/**
 * The proven address becomes the main one, the main one a further one, and what the old one may have opened ends.
 * One transaction; the last answer has a row if there was such an address.
 */
export function makePrimary(tx: Db, userId: number, email: string, sessionId: number) {
  const proven = tx.select({ id: userEmails.id }).from(userEmails).where(isProven(userId, email));
  return [
    ...endOthers(tx, userId, { sessionId }, exists(proven)),
    movePrimary(tx, userId, email),
  ] satisfies Statement[];
}

function movePrimary(db: Db, userId: number, email: string) {
  const chosen = db
    .$with("chosen")
    .as(
      db.delete(userEmails).where(isProven(userId, email)).returning({ email: userEmails.email }),
    );
  const former = { userId: users.id, email: users.email, isVerified: users.emailVerified };
  const kept = db
    .$with("kept", {})
    .as(
      insertSelect(userEmails, former, sql`from ${users}, ${chosen} where ${users.id} = ${userId}`),
    );
  return db
    .with(chosen, kept)
    .update(users)
    .set({ email: sql`lower(${chosen.email})`, emailVerified: true, updatedAt: sql`now()` })
    .from(chosen)
    .where(eq(users.id, userId))
    .returning({ id: users.id });
}

export const deleteEmail = (db: Db, userId: number, email: string) =>
  db
    .delete(userEmails)
    .where(and(eq(userEmails.userId, userId), isSame(userEmails.email, email)))
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
