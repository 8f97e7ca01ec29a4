import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, ne, type SQL, sql } from "drizzle-orm";
import {
  accounts,
  passkeys,
  sessions,
  twoFactors,
  userEmails,
  users,
  verifications,
} from "../../drizzle/schema/accounts";
import { organizationMembers, organizations } from "../../drizzle/schema/orgs";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";

/** The sign-in library's word for a way to sign in by password. */
const byPassword = "credential";

/** A row, if there is anybody at all. */
export const selectAnyUser = (db: Db) => db.select({ id: users.id }).from(users).limit(1);

/**
 * A superuser who can sign in by password. Where there is somebody already, the way to sign in belongs to nobody, which
 * fails (SQLSTATE 23502) and takes the whole transaction along. To be committed behind a lock.
 */
export const insertFirstUser = (
  tx: Db,
  { name, email, passwordHash }: { name: string; email: string; passwordHash: string },
): Statement =>
  tx.execute(sql`
    with person as (
      ${insertSelect(
        users,
        { name, email, emailVerified: true, isSuperuser: true },
        sql`where not exists (select 1 from ${users})`,
      )}
      returning ${users.id}
    )
    ${insertSelect(
      accounts,
      {
        accountId: sql`(select id::text from person)`,
        providerId: byPassword,
        userId: sql`(select id from person)`,
        password: passwordHash,
      },
      sql``,
    )}`);

export const selectIsActive = (db: Db, userId: number) =>
  db.select({ isActive: users.isActive }).from(users).where(eq(users.id, userId));

export const touchLogin = (db: Db, userId: number, now: Date) =>
  db.update(users).set({ lastLoginAt: now }).where(eq(users.id, userId));

/** The person proved in this session who they are. Served by the primary key. */
export const touchAuthentication = (db: Db, sessionId: number, now: Date) =>
  db.update(sessions).set({ authenticatedAt: now }).where(eq(sessions.id, sessionId));

/** What a person may prove something with. The value of these is the person's id; of all others it is not. */
export const personalKinds = ["reset-password", "verify-email", "trust-device", "2fa"] as const;
const personalKind = sql.raw(`'^(${personalKinds.join("|")}):'`);

/** As the index verifications_person says it. */
const isPersonal = sql`length(${verifications.value}) <= 20`;

/**
 * What was mailed or handed out before the way to sign in changed opens nothing any more: links for passwords and
 * addresses, trusted devices, half a sign-in. Served by verifications_person and user_emails_user_email.
 */
export const endProofs = (tx: Db, userId: number, provided?: SQL): Statement[] => [
  tx
    .delete(verifications)
    .where(
      and(
        eq(verifications.value, String(userId)),
        isPersonal,
        sql`${verifications.identifier} ~ ${personalKind}`,
        provided,
      ),
    ),
  tx
    .update(userEmails)
    .set({ tokenHash: null, tokenExpiresAt: null })
    .where(and(eq(userEmails.userId, userId), isNotNull(userEmails.tokenHash), provided)),
];

/** That, and every session but the one in which it changed. Served by sessions_user. */
export const endOthers = (
  tx: Db,
  userId: number,
  kept: { sessionId: number; token?: string | undefined },
  provided?: SQL,
): Statement[] => [
  ...endProofs(tx, userId, provided),
  tx
    .delete(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        ne(sessions.id, kept.sessionId),
        ne(sessions.token, kept.token ?? ""),
        provided,
      ),
    ),
];

/** A link for the main address. */
export const insertProof = (
  db: Db,
  proof: { identifier: string; userId: number; expiresAt: Date; now: Date },
) =>
  db.insert(verifications).values({
    identifier: proof.identifier,
    value: String(proof.userId),
    expiresAt: proof.expiresAt,
    createdAt: proof.now,
    updatedAt: proof.now,
  });

/** Proves the main address, once; links that were sent before go too. Served by verifications_identifier and _person. */
export function verifyMainEmail(db: Db, identifier: string, now: Date) {
  const { value, identifier: kept } = verifications;
  const used = db.$with("used").as(
    db
      .delete(verifications)
      .where(and(eq(kept, identifier), gt(verifications.expiresAt, now)))
      .returning({ value }),
  );
  const person = db.select({ value: used.value }).from(used);
  const older = db.$with("older").as(
    db
      .delete(verifications)
      .where(
        and(
          inArray(value, person),
          isPersonal,
          ne(kept, identifier),
          sql`starts_with(${kept}, 'verify-email:')`,
        ),
      )
      .returning({ value }),
  );
  return db
    .with(used, older)
    .update(users)
    .set({ emailVerified: true, updatedAt: sql`now()` })
    .from(used)
    .where(eq(users.id, sql`${used.value}::bigint`))
    .returning({ id: users.id });
}

/** True once for each step: whoever comes second with the same code, or with an older one, gets no row. */
export const useTotpStep = (db: Db, userId: number, step: number) =>
  db
    .update(twoFactors)
    .set({ lastStep: step })
    .where(and(eq(twoFactors.userId, userId), lt(twoFactors.lastStep, step)))
    .returning({ id: twoFactors.id });

/** Open invitations that wait for an address. The token proves that it is not just anybody asking. */
export const selectInvited = (
  db: Db,
  email: string,
  invitation: { memberId: number; tokenHash: string } | undefined,
  now: Date,
) =>
  db
    .select({ memberId: organizationMembers.id })
    .from(organizationMembers)
    .innerJoin(
      organizations,
      and(eq(organizations.id, organizationMembers.orgId), isNull(organizations.deletedAt)),
    )
    .where(
      and(
        isNull(organizationMembers.userId),
        sql`lower(${organizationMembers.email}) = lower(${email})`,
        gt(organizationMembers.inviteExpiresAt, now),
        isNotNull(organizationMembers.inviteTokenHash),
        invitation && eq(organizationMembers.id, invitation.memberId),
        invitation && eq(organizationMembers.inviteTokenHash, invitation.tokenHash),
      ),
    )
    .limit(1);

export const selectIsVerified = (db: Db, userId: number) =>
  db.select({ emailVerified: users.emailVerified }).from(users).where(eq(users.id, userId));

/**
 * Who resets a password by mail owns the address. Was it never proven before, then whatever somebody else may have
 * put into the account goes: passkeys, second factors, social accounts, further addresses (and tokens, besides).
 */
export const reclaimStatements = (tx: Db, userId: number): Statement[] => [
  tx.delete(passkeys).where(eq(passkeys.userId, userId)),
  tx.delete(twoFactors).where(eq(twoFactors.userId, userId)),
  tx.delete(userEmails).where(eq(userEmails.userId, userId)),
  tx.delete(accounts).where(and(eq(accounts.userId, userId), ne(accounts.providerId, byPassword))),
  tx
    .update(users)
    .set({ emailVerified: true, twoFactorEnabled: false })
    .where(eq(users.id, userId)),
];

const forgottenAtOnceMax = 5000;

/** What is over is removed, a bounded number at a time. Served by sessions_expires and verifications_expires. */
export const deleteExpired = (db: Db, now: Date): Statement[] =>
  [sessions, verifications].map((table) => {
    const { id, expiresAt } = table;
    const over = db
      .select({ id })
      .from(table)
      .where(lt(expiresAt, now))
      .orderBy(asc(expiresAt))
      .limit(forgottenAtOnceMax);
    return db.delete(table).where(inArray(id, over));
  });
