import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";

/** Property names are the ones better-auth's drizzle adapter expects; what it does not know has a default. */
export const users = pgTable(
  "users",
  {
    id: identity(),
    name: text("name").notNull().default(""),
    email: text("email").notNull(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    isActive: boolean("is_active").notNull().default(true),
    isSuperuser: boolean("is_superuser").notNull().default(false),
    twoFactorEnabled: boolean("two_factor_enabled").notNull().default(false),
    /** {timezone, stacktraceOrder, language, clock24Hours, preferredTheme, density, letterKeys}; src/accounts/schemas.ts has the shape. */
    options: jsonb("options").notNull().default({}),
    /** Whether a new project's alerts reach this person. */
    subscribeByDefault: boolean("subscribe_by_default").notNull().default(true),
    lastLoginAt: moment("last_login_at"),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("users_email").on(sql`lower(${t.email})`)],
);

/** One way to sign in: a password ("credential") or a social provider. */
export const accounts = pgTable(
  "accounts",
  {
    id: identity(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("accounts_provider_account").on(t.providerId, t.accountId),
    index("accounts_user").on(t.userId),
  ],
);

/** A browser that is signed in. The cookie holds the token and a signature over it, so the token alone opens nothing. */
export const sessions = pgTable(
  "sessions",
  {
    id: identity(),
    token: text("token").notNull(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    /** When the person last proved who they are: by signing in, or by giving the password again. Null: not known. */
    authenticatedAt: moment("authenticated_at"),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("sessions_token").on(t.token),
    index("sessions_user").on(t.userId),
    index("sessions_expires").on(t.expiresAt),
  ],
);

/**
 * What waits for a proof: password resets, verifications of addresses, second factors, trusted devices, social sign-in
 * states. Identifiers are hashed but for their kind (src/accounts/proofs.ts); the value of a person's own is their id.
 */
export const verifications = pgTable(
  "verifications",
  {
    id: identity(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    index("verifications_identifier").on(t.identifier),
    index("verifications_expires").on(t.expiresAt),
    index("verifications_person").on(t.value).where(sql`length(${t.value}) <= 20`),
  ],
);

/** The secret is encrypted, the recovery codes are hashed. */
export const twoFactors = pgTable(
  "two_factors",
  {
    id: identity(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    secret: text("secret").notNull(),
    backupCodes: text("backup_codes").notNull(),
    verified: boolean("verified").notNull().default(true),
    failedVerificationCount: integer("failed_verification_count").notNull().default(0),
    lockedUntil: moment("locked_until"),
    /** The 30-second step whose code was used last: neither it nor an older one works again. */
    lastStep: bigint("last_step", { mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("two_factors_user").on(t.userId)],
);

export const passkeys = pgTable(
  "passkeys",
  {
    id: identity(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name"),
    publicKey: text("public_key").notNull(),
    credentialID: text("credential_id").notNull(),
    counter: integer("counter").notNull(),
    deviceType: text("device_type").notNull(),
    backedUp: boolean("backed_up").notNull(),
    transports: text("transports"),
    aaguid: text("aaguid"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("passkeys_credential").on(t.credentialID),
    index("passkeys_user").on(t.userId),
  ],
);

/** Further addresses of a person; the main one is on the user. Only a proven address is anybody's own. */
export const userEmails = pgTable(
  "user_emails",
  {
    id: identity(),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    email: text("email").notNull(),
    isVerified: boolean("is_verified").notNull().default(false),
    /** SHA-256 of the token in the confirmation mail; null once it was used. */
    tokenHash: text("token_hash"),
    tokenExpiresAt: moment("token_expires_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("user_emails_user_email").on(t.userId, sql`lower(${t.email})`),
    uniqueIndex("user_emails_verified").on(sql`lower(${t.email})`).where(sql`${t.isVerified}`),
    uniqueIndex("user_emails_token").on(t.tokenHash),
  ],
);
