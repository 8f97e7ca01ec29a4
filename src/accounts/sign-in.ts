import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth/minimal";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { twoFactor } from "better-auth/plugins/two-factor";
import { sessionCookieName } from "../access/session-cookie";
import { revokeTokensOf } from "../access/tokens";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit } from "../platform/database";
import { unlessLate } from "../platform/deadline";
import { reasonOf } from "../platform/logger";
import type { Mail } from "../platform/mailer";
import {
  type OpenIdProvider,
  providerLabel,
  type SocialProvider,
} from "../platform/social-providers";
import { daySeconds } from "../protocol/durations";
import { endProofs, reclaimStatements, selectIsVerified } from "./account-queries";
import { linkOfProof } from "./emails";
import { resetMail, verificationMail } from "./mails";
import { mayAskProvider } from "./may-ask-provider";
import { passwordCharsMax, passwordCharsMin } from "./passwords";
import { storedIdentifier } from "./proofs";
import { hashRecoveryCode } from "./recovery-codes";
import { answering } from "./request";
import { databaseOf } from "./sign-in-database";
import { guards } from "./sign-in-guards";
import { signInPath } from "./sign-in-path";
import { personOfToken } from "./token-person";

const sessionDays = 14;

type SignIn = ReturnType<typeof build>;

const built = new WeakMap<Deps, SignIn>();

/** Sign-in of this installation, built once per isolate. Loaded only by requests that sign somebody in or out. */
export function signInOf(deps: Deps, secret: string): SignIn {
  const known = built.get(deps);
  if (known) return known;
  const made = build(deps, secret, []);
  built.set(deps, made);
  return made;
}

/**
 * Sign-in that knows one OpenID provider besides. The library asks a provider for its addresses when it is built, so
 * this is done for each request that is about it: one that does not answer keeps nobody else out, and is not
 * forgotten for good. Faults: unavailable.
 */
export async function signInWith(
  deps: Deps,
  secret: string,
  provider: OpenIdProvider,
): Promise<SignIn> {
  const { id, name } = providerLabel(provider);
  if (await mayAskProvider(deps, provider.discoveryUrl)) {
    const made = build(deps, secret, [provider]);
    const context = await unlessLate(deps.deadlineMs, made.$context);
    if (context?.socialProviders.some((each) => each.id === id)) return made;
  }
  deps.log("error", "an OpenID provider does not answer", { provider: id });
  throw new Fault("unavailable", `${name} does not answer; try again later.`);
}
function build(deps: Deps, secret: string, openIdProviders: OpenIdProvider[]) {
  const { config, mailer } = deps;
  const { hostname, origin, protocol } = new URL(config.publicUrl);
  const mail = async (message: Mail) => {
    const sent = mailer.send(message).catch((error) => {
      deps.log("error", "a mail could not be sent", { reason: reasonOf(error) });
    });
    answering.getStore()?.waitUntil(sent);
  };
  return betterAuth({
    appName: "Brinkwatch",
    baseURL: `${config.publicUrl}${signInPath}`,
    secret,
    trustedOrigins: [origin],
    telemetry: { enabled: false },
    // Its lines name addresses; what matters is logged by the request itself.
    logger: { disabled: true },
    database: databaseOf(deps.db),
    advanced: {
      database: { generateId: "serial" },
      cookiePrefix: "brinkwatch",
      // GlitchTip's clients look for this name, so it has no prefix; it is secure nevertheless.
      useSecureCookies: false,
      cookies: { session_token: { name: sessionCookieName } },
      defaultCookieAttributes: { secure: protocol === "https:", sameSite: "lax", httpOnly: true },
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] },
    },
    session: {
      expiresIn: sessionDays * daySeconds,
      updateAge: daySeconds,
      // Our own guard is stricter, and knows what counts as a sign-in (confirm.ts).
      freshAge: 0,
      additionalFields: { authenticatedAt: { type: "date", required: false, input: false } },
    },
    verification: {
      storeIdentifier: { hash: (identifier) => Promise.resolve(storedIdentifier(identifier)) },
    },
    account: { encryptOAuthTokens: true, accountLinking: { enabled: true } },
    // They would hand a provider's tokens to whoever holds the browser.
    disabledPaths: ["/get-access-token", "/refresh-token"],
    onAPIError: {
      // What is not meant for whoever asked is for src/http/answers.ts, which logs it without what was given.
      throw: true,
      // Where a provider sends back an error, and no page of ours asked to hear of it.
      errorURL: `${config.publicUrl}/login?socialLoginError=true`,
    },
    // Counted in Redis by our own guards, per address and per IP.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordCharsMin,
      maxPasswordLength: passwordCharsMax,
      requireEmailVerification: config.isEmailVerificationRequired,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) =>
        mail(resetMail(user.email, `${config.publicUrl}/reset-password/set-new-password/${token}`)),
      onPasswordReset: async ({ user }) => {
        const id = Number(user.id);
        const [person] = await selectIsVerified(deps.db, id);
        const reclaimed =
          person?.emailVerified === false
            ? [revokeTokensOf(deps.db, id), ...reclaimStatements(deps.db, id)]
            : [];
        await commit(deps.db, [...endProofs(deps.db, id), ...reclaimed]);
      },
    },
    emailVerification: {
      sendOnSignUp: mailer.isConfigured,
      sendOnSignIn: mailer.isConfigured,
      // Its own token cannot be ended: ours works once, and not after the address or the password changed.
      sendVerificationEmail: async ({ user }) => {
        const link = await linkOfProof(deps, Number(user.id));
        await mail(verificationMail(user.email, link));
      },
    },
    socialProviders: socialProvidersOf(config.socialProviders),
    plugins: [
      twoFactor({
        issuer: "Brinkwatch",
        // Who signs in by passkey or socially has no password to repeat.
        allowPasswordless: true,
        backupCodeOptions: {
          storeBackupCodes: { encrypt: hashCodes, decrypt: (stored) => Promise.resolve(stored) },
        },
      }),
      passkey({
        rpID: hostname,
        rpName: "Brinkwatch",
        origin,
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      }),
      genericOAuth({ config: openIdProviders.map(openIdOf) }),
    ],
    ...guards(deps),
  });
}

/** Recovery codes are stored hashed; those that are put back after one was used are so already. */
const hashCodes = (json: string): Promise<string> => {
  const codes = JSON.parse(json) as string[];
  return Promise.resolve(JSON.stringify(codes.map(hashRecoveryCode)));
};

function socialProvidersOf(providers: SocialProvider[]) {
  const find = <P extends SocialProvider["provider"]>(name: P) =>
    providers.find(
      (each): each is Extract<SocialProvider, { provider: P }> => each.provider === name,
    );
  const [github, gitlab, google, microsoft] = [
    find("github"),
    find("gitlab"),
    find("google"),
    find("microsoft"),
  ];
  const keys = (each: SocialProvider) => ({
    clientId: each.clientId,
    clientSecret: each.clientSecret,
  });
  return {
    ...(github && { github: keys(github) }),
    ...(gitlab && { gitlab: { ...keys(gitlab), ...(gitlab.url && { issuer: gitlab.url }) } }),
    ...(google && { google: keys(google) }),
    ...(microsoft && { microsoft: { ...keys(microsoft), tenantId: microsoft.tenant ?? "common" } }),
  };
}

const openIdOf = ({ emailClaim, ...provider }: OpenIdProvider) => ({
  providerId: provider.id,
  name: providerLabel(provider).name,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
  discoveryUrl: provider.discoveryUrl,
  scopes: provider.scopes,
  pkce: true,
  ...(emailClaim !== undefined && {
    getUserInfo: ({ idToken }: { idToken?: string | undefined }) =>
      Promise.resolve(personOfToken(idToken, emailClaim)),
  }),
});
