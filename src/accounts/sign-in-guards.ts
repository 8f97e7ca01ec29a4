import { createOTP } from "@better-auth/utils/otp";
import type { BetterAuthOptions } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { deleteSessionCookie } from "better-auth/cookies";
import { symmetricDecrypt } from "better-auth/crypto";
import { sessionTokenOf } from "../access/session-cookie";
import { hashToken } from "../access/token";
import type { Deps } from "../deps";
import { dictionaryOf } from "../protocol/dictionary";
import { idIn } from "../protocol/row-id";
import {
  selectAnyUser,
  selectInvited,
  selectIsActive,
  touchLogin,
  useTotpStep,
} from "./account-queries";
import { countGuess, forgiveGuesses, type Guesser } from "./guessing";
import { knownDeviceOf } from "./known-device";
import { weaknessOf } from "./passwords";
import { hashRecoveryCode } from "./recovery-codes";
import { answering } from "./request";

/**
 * Requests that guess at something. By `session`: whoever is signed in guesses at their own account, all others are
 * counted by network. By `address`: the one in the request. A right guess lets those that forgive start anew.
 */
const guessed = new Map<string, { purpose: string; by: "session" | "address"; forgives: boolean }>([
  ["/sign-in/email", { purpose: "password", by: "address", forgives: true }],
  ["/verify-password", { purpose: "password", by: "session", forgives: true }],
  ["/change-password", { purpose: "password", by: "session", forgives: false }],
  ["/sign-up/email", { purpose: "sign-up", by: "address", forgives: false }],
  ["/request-password-reset", { purpose: "reset", by: "address", forgives: false }],
  ["/send-verification-email", { purpose: "verify", by: "address", forgives: false }],
  ["/reset-password", { purpose: "reset-link", by: "session", forgives: false }],
  ["/two-factor/verify-totp", { purpose: "second-factor", by: "session", forgives: false }],
  ["/two-factor/verify-backup-code", { purpose: "second-factor", by: "session", forgives: false }],
  ["/passkey/verify-authentication", { purpose: "passkey", by: "session", forgives: false }],
]);

type Guards = Required<Pick<BetterAuthOptions, "hooks" | "databaseHooks">>;

/** Rules of ours around the sign-in library: who may sign up, how often one may guess, what is used only once. */
export function guards(deps: Deps): Guards {
  return {
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        const body = bodyOf(ctx.body);
        await limitGuesses(deps, ctx.path, body.email, ctx.headers);
        if (ctx.path === "/sign-up/email") {
          await assertMaySignUp(deps, body.email ?? "", body.invitation);
          assertStrong(body.password, body.email);
        }
        if (ctx.path === "/sign-in/social" || ctx.path === "/link-social") {
          assertByRedirect(ctx.body);
        }
        if (ctx.path === "/passkey/verify-authentication") assertPersonPresent(ctx.body);
        if (ctx.path === "/reset-password") assertStrong(body.newPassword, "");
        if (ctx.path === "/change-password") {
          assertStrong(body.newPassword, "");
          return { context: { body: { ...ctx.body, revokeOtherSessions: true } } };
        }
        if (ctx.path === "/two-factor/verify-backup-code" && body.code !== undefined) {
          return { context: { body: { ...ctx.body, code: hashRecoveryCode(body.code) } } };
        }
        if (asksPassword.test(ctx.path ?? "") && answering.getStore()?.isConfirmed) {
          return withoutPassword;
        }
        return undefined;
      }),
      after: createAuthMiddleware(async (ctx) => {
        const { returned, newSession } = ctx.context;
        if (returned instanceof APIError) return undefined;
        const rule = guessed.get(ctx.path);
        const { email, code } = bodyOf(ctx.body);
        if (rule?.forgives) {
          const guesser = await guesserOf(deps, rule.by, email, ctx.headers);
          await forgiveGuesses(deps, rule.purpose, guesser);
        }
        if (ctx.path === "/two-factor/verify-totp" && code !== undefined) {
          const { id } = (returned as { user?: { id?: string } }).user ?? {};
          if (id && (await isReplay(deps, ctx.context, Number(id), code))) {
            if (newSession) {
              await ctx.context.internalAdapter.deleteSession(newSession.session.token);
              deleteSessionCookie(ctx);
            }
            throw new APIError("UNAUTHORIZED", {
              code: "INVALID_CODE",
              message: "This code was used already; wait for the next one.",
            });
          }
        }
        return undefined;
      }),
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user, ctx) => {
            // Sign-up by password was decided before anything was looked up.
            if (ctx?.path !== "/sign-up/email") {
              await assertMayJoinSocially(deps, user.email, user.emailVerified);
            }
          },
        },
      },
      session: {
        create: {
          before: async ({ userId }, ctx) => {
            const [person] = await selectIsActive(deps.db, Number(userId));
            if (!person?.isActive) {
              throw new APIError("FORBIDDEN", {
                code: "ACCOUNT_DEACTIVATED",
                message: "This account is deactivated.",
              });
            }
            // A session that replaces another proves no more than that one did.
            const replaced = replacedSession(ctx);
            const authenticatedAt = replaced ? (replaced.authenticatedAt ?? null) : deps.now();
            return { data: { authenticatedAt } };
          },
          after: async ({ userId }) => {
            await touchLogin(deps.db, Number(userId), deps.now());
          },
        },
      },
    },
  };
}

/** Requests that prove who is there, also when somebody is signed in already. */
const proving =
  /^\/(sign-in\/|sign-up\/|callback\/|oauth2\/callback\/|passkey\/verify-authentication$|change-password$)/;

type Request = {
  path: string;
  context: { session?: { session: { authenticatedAt?: Date | null } } | null };
};

/** The session that a new one is to replace; undefined when somebody signs in. */
function replacedSession(request: unknown) {
  const { path, context } = (request ?? {}) as Partial<Request>;
  if (path === undefined || proving.test(path)) return undefined;
  return context?.session?.session;
}

/**
 * Doors at which the library wants the password of everybody who has one. Ours was passed before, so that it is not
 * asked for again.
 */
const asksPassword = /^\/two-factor\/(enable|disable|generate-backup-codes)$/;
const withoutPassword = {
  context: { context: { internalAdapter: { findCredentialAccount: () => Promise.resolve(null) } } },
};

/** Bodies come in before the library has looked at them. */
function bodyOf(body: unknown): Record<string, string | undefined> {
  if (typeof body !== "object" || body === null) return {};
  return dictionaryOf(
    Object.entries(body).map(([key, value]) => [
      key,
      typeof value === "string" ? value : undefined,
    ]),
  );
}

async function limitGuesses(
  deps: Deps,
  path: string,
  address: string | undefined,
  headers: Headers | undefined,
): Promise<void> {
  const rule = guessed.get(path);
  if (!rule) return;
  const guesser = await guesserOf(deps, rule.by, address, headers);
  const waitSeconds = await countGuess(deps, rule.purpose, guesser);
  if (waitSeconds === undefined) return;
  throw new APIError(
    "TOO_MANY_REQUESTS",
    { code: "TOO_MANY_ATTEMPTS", message: "Too many attempts; try again in a few minutes." },
    { "Retry-After": String(waitSeconds) },
  );
}

async function guesserOf(
  deps: Deps,
  by: "session" | "address",
  address: string | undefined,
  headers: Headers | undefined,
): Promise<Guesser> {
  const { authSecret } = deps.config;
  const ip = headers?.get("cf-connecting-ip") ?? undefined;
  const cookies = headers?.get("cookie") ?? "";
  if (by === "address") {
    return { address, ip, device: await knownDeviceOf(cookies, authSecret, address) };
  }
  // A cookie that we did not sign is no session: whoever makes them up is counted by network.
  const session = await sessionTokenOf(cookies, authSecret);
  return session === undefined ? { address: undefined, ip } : { session };
}

function assertStrong(password: string | undefined, email: string | undefined): void {
  const weakness = weaknessOf(password ?? "", email ?? "");
  if (weakness) throw new APIError("BAD_REQUEST", { code: "WEAK_PASSWORD", message: weakness });
}

/**
 * The library would also take an id token that the page got by itself: one that was issued elsewhere and leaked. Ours
 * come back by redirect only, bound to the browser that began.
 */
function assertByRedirect(body: unknown): void {
  if ((body as { idToken?: unknown } | null)?.idToken === undefined) return;
  throw new APIError("BAD_REQUEST", {
    code: "ID_TOKEN_NOT_SUPPORTED",
    message: "Sign in by redirect; an id token is not taken.",
  });
}

/**
 * A passkey signs in without a password, so the device must have asked its owner for a finger, a face or a PIN. The
 * flag is part of what the device signed (WebAuthn §6.1); the library checks the signature.
 */
function assertPersonPresent(body: unknown): void {
  const { response } = (body ?? {}) as {
    response?: { response?: { authenticatorData?: unknown } };
  };
  const given = response?.response?.authenticatorData;
  const flags = typeof given === "string" ? (Buffer.from(given, "base64url")[flagsAt] ?? 0) : 0;
  if (flags & userVerifiedFlag) return;
  throw new APIError("UNAUTHORIZED", {
    code: "USER_NOT_VERIFIED",
    message: "The passkey must be unlocked with a PIN, a finger or a face.",
  });
}
const flagsAt = 32;
const userVerifiedFlag = 0x04;

const closed = () =>
  new APIError("FORBIDDEN", {
    code: "REGISTRATION_CLOSED",
    message: "Registration is not open. Ask for an invitation.",
  });

/** Open registration, the very first user, or the address of an invitation whose link is at hand. */
async function assertMaySignUp(
  deps: Deps,
  email: string,
  invitation: string | undefined,
): Promise<void> {
  if (deps.config.isRegistrationOpen) return;
  if ((await selectAnyUser(deps.db)).length === 0) return;
  const [, member = "", token = ""] = /^(\d{1,20})\/(\w+)$/.exec(invitation ?? "") ?? [];
  const memberId = idIn(member);
  if (memberId === undefined) throw closed();
  const proof = { memberId, tokenHash: hashToken(token) };
  const invited = await selectInvited(deps.db, email, proof, deps.now());
  if (invited.length === 0) throw closed();
}

/** A provider that vouches for the address stands for the invitation's link. */
async function assertMayJoinSocially(
  deps: Deps,
  email: string,
  isVerified: boolean,
): Promise<void> {
  if (deps.config.isSocialRegistrationOpen) return;
  if ((await selectAnyUser(deps.db)).length === 0) return;
  const invited = await selectInvited(deps.db, email, undefined, deps.now());
  if (!isVerified || invited.length === 0) throw closed();
}

const stepSeconds = 30;

type AuthContext = {
  secretConfig: Parameters<typeof symmetricDecrypt>[0]["key"];
  adapter: { findOne<T>(query: object): Promise<T | null> };
};

/** Whether a right code was used before, or is older than the last one that was. */
async function isReplay(
  deps: Deps,
  { adapter, secretConfig }: AuthContext,
  userId: number,
  code: string,
): Promise<boolean> {
  const found = await adapter.findOne<{ secret: string }>({
    model: "twoFactor",
    where: [{ field: "userId", value: String(userId) }],
  });
  if (!found) return false;
  const secret = await symmetricDecrypt({ key: secretConfig, data: found.secret });
  const otp = createOTP(secret, { digits: 6, period: stepSeconds });
  const now = Math.floor(+deps.now() / 1000 / stepSeconds);
  for (const step of [now, now - 1, now + 1]) {
    if ((await otp.hotp(step)) !== code) continue;
    const used = await useTotpStep(deps.db, userId, step);
    return used.length === 0;
  }
  return true;
}
