import { z } from "@hono/zod-openapi";
import { scopes } from "../access/schemas";
import { withFixed } from "../protocol/fixed-fields";
import { boolean, integer } from "../protocol/lenient";

export const UserOptions = z
  .object({
    timezone: z.string().max(64).optional().openapi({ example: "Europe/Berlin" }),
    stacktraceOrder: integer(-1, 10).nullable().optional(),
    language: z.string().max(32).nullable().optional(),
    clock24Hours: boolean().nullable().optional(),
    preferredTheme: z.enum(["light", "dark", "system"]).nullable().optional(),
    density: z.enum(["comfortable", "compact"]).nullable().optional(),
    letterKeys: boolean().nullable().optional().describe("Whether single letters are shortcuts"),
  })
  .openapi("UserOptions");

export const User = z
  .object({
    id: z.string().openapi({ example: "12" }),
    email: z.string().openapi({ example: "ada@example.com" }),
    username: z.string(),
    name: z.string().openapi({ example: "Ada" }),
    isActive: z.boolean(),
    isSuperuser: z.boolean(),
    dateJoined: z.iso.datetime(),
    lastLogin: z.iso.datetime().nullable(),
    hasPasswordAuth: z.boolean(),
    identities: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        uid: z.string(),
        lastLogin: z.iso.datetime().nullable(),
        dateJoined: z.iso.datetime(),
        email: z.string().nullable(),
        username: z.string().nullable(),
      }),
    ),
    options: UserOptions,
  })
  .openapi("User");
export type User = z.infer<typeof User>;

export const UserDetail = User.extend({ chatwootIdentifierHash: z.string().nullable() }).openapi(
  "UserDetail",
);

const fixedOptions = { theme: "light", defaultIssueEvent: "latest", avatarType: "letter_avatar" };
const ownAddress = z
  .string()
  .max(254)
  .optional()
  .describe("The main address as it is: others become it at /emails/");

export const UserUpdate = z
  .object({
    name: z.string().trim().max(255).optional(),
    options: withFixed(fixedOptions, UserOptions).optional(),
    email: ownAddress,
    username: ownAddress,
  })
  .openapi("UserUpdate");

export const Authenticator = z
  .object({
    id: z.string().describe("Of a passkey: by which it is renamed and removed"),
    type: z.enum(["totp", "recovery_codes", "webauthn"]),
    name: z.string().nullable().describe("Of a passkey"),
    dateCreated: z.iso.datetime(),
    lastUsed: z.iso.datetime().nullable().describe("Null where that is not known"),
    codesLeft: z.number().int().nullable().describe("Of recovery codes"),
  })
  .openapi("Authenticator");

export const PasskeyName = z
  .object({ name: z.string().trim().min(1).max(100) })
  .openapi("PasskeyName");

export const OpenSession = z
  .object({
    id: z.string(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    dateCreated: z.iso.datetime(),
    lastSeen: z.iso.datetime(),
    isCurrent: z.boolean().describe("The one that asks"),
  })
  .openapi("OpenSession");

export const ManagedUser = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    isActive: z.boolean(),
    isSuperuser: z.boolean(),
    dateJoined: z.iso.datetime(),
    lastLogin: z.iso.datetime().nullable(),
  })
  .openapi("ManagedUser");
export type ManagedUser = z.infer<typeof ManagedUser>;

export const ManagedUserUpdate = z
  .object({ isActive: boolean().optional(), isSuperuser: boolean().optional() })
  .openapi("ManagedUserUpdate");

export const FirstUserDoor = z
  .enum(["exists", "open", "token", "closed"])
  .openapi("FirstUserDoor", {
    description:
      "Whether somebody has an account; if not, how the first user is made: openly, with the setup token, or not at all",
  });
export type FirstUserDoor = z.infer<typeof FirstUserDoor>;

export const EmailInput = z.object({ email: z.email().max(254) }).openapi("EmailInput");

export const EmailAddress = z
  .object({
    email: z.string().openapi({ example: "ada@example.com" }),
    isPrimary: z.boolean(),
    isVerified: z.boolean(),
  })
  .openapi("EmailAddress");

export const NotificationPreferences = z
  .object({ subscribeByDefault: boolean() })
  .openapi("NotificationPreferences");

const Scope = z.enum(scopes);

/** Names, or GlitchTip's bit mask in which the first scope is bit 0. */
const scopesIn = z
  .union([
    z.array(Scope).min(1).max(100),
    integer(1, 2 ** scopes.length - 1).transform((mask) =>
      scopes.filter((_, bit) => mask & (1 << bit)),
    ),
  ])
  .transform((given) => [...new Set(given)])
  .openapi({ type: "array", maxItems: 100, items: { type: "string", enum: [...scopes] } });

const label = z.string().trim().max(255);

export const NewToken = z
  .object({
    label: label.optional(),
    name: label.optional().describe("Same as label"),
    scopes: scopesIn,
    dialect: z
      .enum(["glitchtip", "sentry"])
      .default("glitchtip")
      .describe("Which clients the token is for; Sentry's want tokens that begin with sntryu_"),
    expiresAt: z.iso
      .datetime({ offset: true })
      .nullish()
      .openapi({ type: ["string", "null"], maxLength: 64, example: "2027-01-01T00:00:00Z" }),
  })
  .transform(({ name, label: given, ...token }) => ({ ...token, label: given ?? name ?? "" }))
  .openapi("NewToken");
export type NewToken = z.output<typeof NewToken>;

export const TokenLabel = z
  .object({ name: label.optional(), label: label.optional() })
  .refine((given) => given.name ?? given.label, { error: "name is required", path: ["name"] })
  .openapi("TokenLabel");

const ApiToken = z.object({
  label: z.string().openapi({ example: "CI" }),
  scopes: z.array(z.string()).openapi({ example: ["project:read"] }),
  token: z.string().describe("Whole when it is made, masked ever after"),
  created: z.iso.datetime(),
  lastUsed: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

const Dialect = z.enum(["glitchtip", "sentry"]);
export const UserToken = ApiToken.extend({
  id: z.number().int().openapi({ example: 5 }),
  dialect: Dialect.describe("Which clients the token is for"),
}).openapi("ApiToken");

export const OrgToken = ApiToken.omit({ label: true, created: true, lastUsed: true })
  .extend({
    id: z.string().openapi({ example: "5" }),
    name: z.string(),
    tokenLastCharacters: z.string(),
    dateCreated: z.iso.datetime(),
    dateLastUsed: z.iso.datetime().nullable(),
  })
  .openapi("OrganizationToken");
