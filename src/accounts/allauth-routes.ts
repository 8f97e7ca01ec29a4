import { Hono } from "hono";
import { assertOwnForm, assertSameSite, giveCsrfToken } from "../access/same-site";
import type { AppEnv } from "../http/app-env";
import { fieldsOf } from "../http/forms";
import { providerLabel } from "../platform/social-providers";
import {
  allauthRoot,
  bodyOf,
  conflict,
  entered,
  isOpenForSignUp,
  loginFlows,
  personOfSession,
  refused,
  say,
  unauthenticated,
  welcome,
  withCookies,
} from "./allauth-answers";
import { askSignIn } from "./ask-sign-in";
import { jsonOf } from "./enter";

/**
 * GlitchTip's clients sign in as browsers do with django-allauth's headless API. The same actions as /api/auth, in
 * its words (documented at docs.allauth.org): what has a feature behind it, and nothing else.
 */
export const allauthRoutes = new Hono<AppEnv>();

const redirectPath = `${allauthRoot}/auth/provider/redirect/`;

allauthRoutes.use(`${allauthRoot}/*`, async (c, next) => {
  if (c.req.method === "HEAD") {
    const headers = new Headers();
    giveCsrfToken(c, headers);
    return new Response(null, { status: 200, headers });
  }
  if (c.req.path === redirectPath) await assertOwnForm(c, "csrfmiddlewaretoken");
  else assertSameSite(c);
  await next();
  giveCsrfToken(c, c.res.headers);
  c.header("Cache-Control", "no-store");
  return undefined;
});

allauthRoutes.get(`${allauthRoot}/config/`, async (c) => {
  const { config } = c.var.deps;
  return say(c, 200, {
    account: {
      login_methods: ["email"],
      is_open_for_signup: await isOpenForSignUp(c),
      email_verification_by_code_enabled: false,
      login_by_code_enabled: false,
    },
    socialaccount: {
      providers: config.socialProviders.map((provider) => ({
        ...providerLabel(provider),
        client_id: provider.clientId,
        flows: ["provider_redirect"],
      })),
    },
    mfa: {
      supported_types: ["totp", "recovery_codes", "webauthn"],
      passkey_login_enabled: true,
    },
    usersessions: { track_activity: false },
  });
});

allauthRoutes.get(`${allauthRoot}/auth/session/`, async (c) => {
  const person = await personOfSession(c);
  return person ? welcome(c, person.user) : unauthenticated(c, await loginFlows(c));
});

allauthRoutes.delete(`${allauthRoot}/auth/session/`, async (c) => {
  const left = await askSignIn(c, "POST", "/sign-out", {});
  return withCookies(unauthenticated(c, await loginFlows(c)), left);
});

allauthRoutes.post(`${allauthRoot}/auth/login/`, async (c) => {
  if (await personOfSession(c)) return conflict(c);
  const { email, username, password } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/sign-in/email", {
    email: email ?? username,
    password,
  });
  return entered(c, answer, {
    INVALID_EMAIL_OR_PASSWORD: ["email_password_mismatch", "password"],
    ACCOUNT_DEACTIVATED: ["account_inactive", "email"],
  });
});

allauthRoutes.post(`${allauthRoot}/auth/signup/`, async (c) => {
  if (await personOfSession(c)) return conflict(c);
  const { email, password, name, invitation } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/sign-up/email", {
    email,
    password,
    invitation,
    name: name ?? "",
  });
  return entered(c, answer, {
    USER_ALREADY_EXISTS: ["email_taken", "email"],
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ["email_taken", "email"],
  });
});

/** A form, for the browser is to leave the page: to the provider, or back with an error. */
allauthRoutes.post(redirectPath, async (c) => {
  const { provider, callback_url, process } = await fieldsOf(c);
  const path = process === "connect" ? "/link-social" : "/sign-in/social";
  const body = {
    provider,
    callbackURL: callback_url ?? `${c.var.deps.config.publicUrl}/`,
    errorCallbackURL: callback_url ?? `${c.var.deps.config.publicUrl}/`,
  };
  const answer = await askSignIn(c, "POST", path, body);
  const { url } = answer.ok ? await jsonOf(answer.clone()) : {};
  if (typeof url !== "string") {
    return refused(c, answer, { PROVIDER_NOT_FOUND: ["unknown_provider", "provider"] });
  }
  c.set("leavesFor", url);
  return withCookies(c.redirect(url, 302), answer);
});

allauthRoutes.post(`${allauthRoot}/auth/password/request/`, async (c) => {
  const { email } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/request-password-reset", { email });
  return answer.ok
    ? say(c, 200, {})
    : refused(c, answer, { VALIDATION_ERROR: ["invalid", "email"] });
});

allauthRoutes.post(`${allauthRoot}/auth/password/reset/`, async (c) => {
  const { key, password } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/reset-password", {
    token: key,
    newPassword: password,
  });
  // The new password is to be used now: nobody is signed in by a link from a mail alone.
  return answer.ok
    ? unauthenticated(c, await loginFlows(c))
    : refused(c, answer, { INVALID_TOKEN: ["invalid_password_reset", "key"] });
});
