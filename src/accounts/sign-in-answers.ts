import { z } from "@hono/zod-openapi";

/** What the sign-in library answers, as far as pages use it; its doors are documented with these. */

const moment = z.iso.datetime();
const status = z.object({ status: z.boolean() });

const AuthUser = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    image: z.string().nullish(),
    createdAt: moment,
    updatedAt: moment,
    twoFactorEnabled: z.boolean().nullish(),
  })
  .openapi("AuthUser");

const AuthSession = z
  .object({
    id: z.string(),
    token: z.string().describe("For POST /api/auth/revoke-session"),
    userId: z.string(),
    expiresAt: moment,
    createdAt: moment,
    updatedAt: moment,
    ipAddress: z.string().nullish(),
    userAgent: z.string().nullish(),
    authenticatedAt: moment.nullish().describe("When the person last proved who they are"),
  })
  .openapi("AuthSession");

const SignedIn = z
  .object({
    token: z
      .string()
      .nullish()
      .describe("Null: signed up, but the address is to be verified first"),
    user: AuthUser,
  })
  .openapi("SignedIn");
const SecondFactorNeeded = z
  .object({ twoFactorRedirect: z.literal(true), twoFactorMethods: z.array(z.string()) })
  .openapi("SecondFactorNeeded");
const Elsewhere = z
  .object({ url: z.string().describe("Where the browser is to go"), redirect: z.boolean() })
  .openapi("SignInElsewhere");
const WithSession = z.object({ session: AuthSession, user: AuthUser }).openapi("SessionAndUser");
const PasskeyOptions = z
  .looseObject({ challenge: z.string() })
  .openapi("PasskeyOptions", { description: "For the browser's own WebAuthn calls" });
const Passkey = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    createdAt: moment,
    deviceType: z.string(),
    backedUp: z.boolean(),
    transports: z.string().nullish(),
  })
  .openapi("Passkey");
const SignInAccount = z
  .object({
    id: z.string().describe("For POST /api/auth/unlink-account"),
    accountId: z.string(),
    providerId: z.string().describe("credential: a password"),
    scopes: z.array(z.string()),
    createdAt: moment,
    updatedAt: moment,
  })
  .openapi("SignInAccount");
const backupCodes = z.array(z.string()).describe("Shown this once");

/** By path below /api/auth. */
export const signInAnswers = new Map<string, z.ZodType>([
  ["/sign-up/email", SignedIn],
  ["/sign-in/email", z.union([SecondFactorNeeded, SignedIn])],
  ["/sign-in/social", Elsewhere],
  ["/sign-out", z.object({ success: z.boolean() })],
  ["/get-session", WithSession.nullable()],
  ["/list-sessions", z.array(AuthSession)],
  ["/revoke-session", status],
  ["/revoke-other-sessions", status],
  ["/request-password-reset", status],
  ["/reset-password", status],
  ["/change-password", SignedIn],
  ["/send-verification-email", status],
  ["/two-factor/enable", z.object({ method: z.string(), totpURI: z.string(), backupCodes })],
  ["/two-factor/verify-totp", SignedIn],
  ["/two-factor/verify-backup-code", SignedIn],
  ["/two-factor/disable", status],
  ["/two-factor/generate-backup-codes", z.object({ status: z.boolean(), backupCodes })],
  ["/passkey/generate-register-options", PasskeyOptions],
  ["/passkey/verify-registration", Passkey],
  ["/passkey/generate-authenticate-options", PasskeyOptions],
  ["/passkey/verify-authentication", WithSession],
  ["/passkey/list-user-passkeys", z.array(Passkey)],
  ["/passkey/delete-passkey", status],
  ["/list-accounts", z.array(SignInAccount)],
  ["/unlink-account", status],
  ["/link-social", Elsewhere],
]);

/** How its doors refuse, whatever the status: pages decide by the code. */
export const SignInRefusal = z
  .object({
    detail: z.string(),
    message: z.string().optional().describe("Same as detail"),
    code: z.string().nullish().openapi({ example: "SESSION_NOT_FRESH" }),
  })
  .openapi("SignInRefusal");
