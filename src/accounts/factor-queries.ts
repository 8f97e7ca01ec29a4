import { and, asc, desc, eq, gt, inArray, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import {
  accounts,
  passkeys,
  sessions,
  twoFactors,
  userEmails,
  users,
  verifications,
} from "../../drizzle/schema/accounts";
import type { Db } from "../platform/database";

export type FactorRow = {
  type: "totp" | "recovery_codes" | "webauthn";
  id: number;
  name: string | null;
  createdAt: Date;
  /** When its last code was used; null when that is not known. */
  lastUsedAt: Date | null;
  /** Recovery codes that are left. */
  left: number;
};

const passkeysMax = 50;

/** A step is half a minute. */
const lastStepAt: SQL<Date | null> = sql`
  case when ${twoFactors.lastStep} > 0 then to_timestamp(${twoFactors.lastStep} * 30) end`.mapWith(
  twoFactors.createdAt,
);

/** What a person may be asked for besides the password. Served by two_factors_user and passkeys_user. */
export function selectFactors(db: Db, userId: number) {
  const { id, createdAt, backupCodes } = twoFactors;
  const setUp = and(eq(twoFactors.userId, userId), twoFactors.verified);
  const totp = db
    .select({
      type: sql<FactorRow["type"]>`'totp'::text`.as("type"),
      id,
      name: sql<string | null>`null::text`.as("name"),
      createdAt,
      lastUsedAt: lastStepAt.as("last_used_at"),
      left: sql<number>`0`.as("left"),
    })
    .from(twoFactors)
    .where(setUp);
  const recovery = db
    .select({
      type: sql<FactorRow["type"]>`'recovery_codes'`,
      id,
      name: sql<string | null>`null`,
      createdAt,
      lastUsedAt: sql<Date | null>`null`,
      left: sql<number>`jsonb_array_length(${backupCodes}::jsonb)`,
    })
    .from(twoFactors)
    .where(setUp);
  const keys = db
    .select({
      type: sql<FactorRow["type"]>`'webauthn'`,
      id: passkeys.id,
      name: passkeys.name,
      createdAt: passkeys.createdAt,
      lastUsedAt: sql<Date | null>`null`,
      left: sql<number>`0`,
    })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.id))
    .limit(passkeysMax);
  return unionAll(totp, recovery, keys);
}

export type SessionRow = Awaited<ReturnType<typeof selectSessions>>[number];

const sessionsMax = 100;

/** Every browser in which a person is signed in. Served by sessions_user. */
export const selectSessions = (db: Db, userId: number, now: Date) =>
  db
    .select({
      id: sessions.id,
      ip: sessions.ipAddress,
      userAgent: sessions.userAgent,
      createdAt: sessions.createdAt,
      updatedAt: sessions.updatedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.id))
    .limit(sessionsMax);

/** Served by the primary key. */
export const deleteSessions = (db: Db, userId: number, ids: number[]) =>
  db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), inArray(sessions.id, ids)))
    .returning({ id: sessions.id });

/** Which of one's services an account at another service is. Served by accounts_provider_account. */
export const selectAccountId = (db: Db, userId: number, provider: string, uid: string) =>
  db
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      and(
        eq(accounts.userId, userId),
        eq(accounts.providerId, provider),
        eq(accounts.accountId, uid),
      ),
    );

/** Served by the primary key. */
export const renamePasskey = (db: Db, userId: number, id: number, name: string) =>
  db
    .update(passkeys)
    .set({ name })
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning({ id: passkeys.id });

/** Whose link from a mail this is, while it works. Served by verifications_identifier and user_emails_token. */
export function selectProof(db: Db, link: { identifier: string; tokenHash: string }, now: Date) {
  const main = db
    .select({ userId: users.id, email: users.email })
    .from(verifications)
    .innerJoin(users, eq(users.id, sql`${verifications.value}::bigint`))
    .where(and(eq(verifications.identifier, link.identifier), gt(verifications.expiresAt, now)));
  const further = db
    .select({ userId: userEmails.userId, email: userEmails.email })
    .from(userEmails)
    .where(and(eq(userEmails.tokenHash, link.tokenHash), gt(userEmails.tokenExpiresAt, now)));
  const proof = unionAll(main, further).as("proof");
  return db
    .select({
      id: users.id,
      email: proof.email,
      main: users.email,
      hasPassword: sql<boolean>`exists (
        select 1 from ${accounts} where ${accounts.userId} = ${users.id} and ${accounts.password} is not null)`,
    })
    .from(proof)
    .innerJoin(users, eq(users.id, proof.userId));
}
