import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { apiTokens } from "../drizzle/schema/access";
import { accounts, sessions, users } from "../drizzle/schema/accounts";
import { type Dialect, dialectOf } from "../src/access/dialect";
import { operatorScope, scopes } from "../src/access/schemas";
import { hashToken, hintOf, mintUserToken } from "../src/access/token";
import { weaknessOf } from "../src/accounts/passwords";
import { hashPassword } from "./hash-password";
import { initialUser } from "./initial-user";

export type NewUser = {
  email: string;
  password?: string | undefined;
  name?: string | undefined;
  isSuperuser: boolean;
  /** A token to be known under; made when it is left out. */
  token?: string | undefined;
  dialect?: Dialect | undefined;
  /** Whether the token opens the doors of superusers too. */
  isOperator?: boolean | undefined;
};

export type MadeUser = { email: string; isNew: boolean; token: string | undefined };

/**
 * Makes a user, or changes password and rights of the one who has the address. A new password ends all sessions. Says
 * an error in plain words.
 */
export async function makeUser(databaseUrl: string, wanted: NewUser): Promise<MadeUser> {
  const email = wanted.email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`${email} is not an e-mail address.`);
  const weakness = wanted.password && weaknessOf(wanted.password, email);
  if (weakness) throw new Error(weakness);
  if (wanted.token !== undefined && !/^(sntryu_)?[0-9a-f]{64}$/.test(wanted.token)) {
    throw new Error("A token is 64 lower-case hex digits, with or without sntryu_ before them.");
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await drizzle(client).transaction(async (tx) => {
      const [known] = await tx
        .select({ id: users.id })
        .from(users)
        .where(eq(sql`lower(${users.email})`, email));
      if (!known && !wanted.password) throw new Error("A new user needs a password.");
      const values = {
        isActive: true,
        emailVerified: true,
        ...(wanted.isSuperuser && { isSuperuser: true }),
        ...(wanted.name !== undefined && { name: wanted.name }),
      };
      const [user] = known
        ? await tx.update(users).set(values).where(eq(users.id, known.id)).returning()
        : await tx
            .insert(users)
            .values({ email, ...values })
            .returning();
      if (!user) throw new Error("The user could not be made.");
      if (wanted.password) {
        const password = hashPassword(wanted.password);
        await tx
          .insert(accounts)
          .values({
            providerId: "credential",
            userId: user.id,
            password,
            accountId: String(user.id),
          })
          .onConflictDoUpdate({
            target: [accounts.providerId, accounts.accountId],
            set: { password, updatedAt: sql`now()` },
          });
        await tx.delete(sessions).where(eq(sessions.userId, user.id));
        // Links and devices that the old password trusted.
        await tx.execute(sql`
          delete from verifications where value = ${String(user.id)} and length(value) <= 20
             and split_part(identifier, ':', 1) in ('reset-password', 'verify-email', 'trust-device', '2fa')`);
      }
      const token =
        wanted.token ??
        (wanted.dialect ? mintUserToken(wanted.dialect, process.env.AUTH_SECRET) : undefined);
      if (token) {
        await tx
          .insert(apiTokens)
          .values({
            tokenHash: hashToken(token),
            hint: hintOf(token),
            userId: user.id,
            label: "create-user",
            scopes: wanted.isOperator ? [...scopes, operatorScope] : [...scopes],
          })
          .onConflictDoNothing();
      }
      return { email, isNew: !known, token };
    });
  } finally {
    await client.end();
  }
}

/** Makes the superuser of `initialUser` in a database without users, with a token of all scopes. */
export async function makeInitialUser(databaseUrl: string): Promise<MadeUser | undefined> {
  const { email, password, token } = initialUser();
  if (!email) return undefined;
  if (await hasUsers(databaseUrl)) return undefined;
  const dialect = dialectOf(token ?? "");
  return makeUser(databaseUrl, { email, password, token, dialect, isSuperuser: true });
}

/** Whether anybody has been made yet. */
export async function hasUsers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await drizzle(client).select({ id: users.id }).from(users).limit(1)).length > 0;
  } finally {
    await client.end();
  }
}
