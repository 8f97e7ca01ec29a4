import { type Context, Hono } from "hono";
import { Fault } from "../fault";
import { assertSameSite, identify } from "../http/access";
import type { AppEnv } from "../http/app";
import { assertOwnForm, fieldsOf } from "../http/forms";
import { dictionaryOf } from "../protocol/dictionary";
import { isObject } from "../protocol/json";
import { hasUser } from "./account-queries";
import { askSignIn } from "./ask-sign-in";
import type { CallerUser } from "./caller";
import { confirmEmail } from "./emails";
import { giveCsrfToken, jsonOf } from "./enter";
import { identityOf } from "./social";

/**
 * GlitchTip's clients sign in as browsers do with django-allauth's headless API. The same actions as /api/auth, in
 * its words (documented at docs.allauth.org): what these clients call, and nothing else.
 */
export const allauthRoutes = new Hono<AppEnv>();

const root = "/_allauth/browser/v1";
const redirectPath = `${root}/auth/provider/redirect/`;

type Flow = { id: string; is_pending?: true; types?: string[] };

allauthRoutes.use(`${root}/*`, async (c, next) => {
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

allauthRoutes.get(`${root}/config/`, async (c) => {
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
        ...identityOf(provider),
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

allauthRoutes.get(`${root}/auth/session/`, async (c) => {
  const caller = await identify(c);
  return caller?.by === "session" && caller.user
    ? welcome(c, caller.user)
    : unauthenticated(c, await loginFlows(c));
});

allauthRoutes.delete(`${root}/auth/session/`, async (c) => {
  const left = await askSignIn(c, "POST", "/sign-out", {});
  return withCookies(unauthenticated(c, await loginFlows(c)), left);
});

allauthRoutes.post(`${root}/auth/login/`, async (c) => {
  const { email, username, password } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/sign-in/email", {
    email: email ?? username,
    password,
  });
  return entered(c, answer, "email_password_mismatch", "password");
});

allauthRoutes.post(`${root}/auth/signup/`, async (c) => {
  const { email, password, name, invitation } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/sign-up/email", {
    ...{ email, password, invitation },
    name: name ?? "",
  });
  return entered(c, answer, "email_taken", "email");
});

allauthRoutes.post(`${root}/auth/2fa/authenticate/`, async (c) => {
  const { code = "" } = await bodyOf(c);
  const path = /^\d{6}$/.test(code) ? "verify-totp" : "verify-backup-code";
  const answer = await askSignIn(c, "POST", `/two-factor/${path}`, { code });
  return entered(c, answer, "incorrect_code", "code");
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
  if (typeof url !== "string") return refused(c, answer, "unknown_provider", "provider");
  c.set("leavesFor", url);
  return withCookies(c.redirect(url, 302), answer);
});

allauthRoutes.post(`${root}/auth/password/request/`, async (c) => {
  const { email } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/request-password-reset", { email });
  return answer.ok ? say(c, 200, {}) : refused(c, answer, "invalid", "email");
});

allauthRoutes.post(`${root}/auth/password/reset/`, async (c) => {
  const { key, password } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/reset-password", {
    token: key,
    newPassword: password,
  });
  // The new password is to be used now: nobody is signed in by a link from a mail alone.
  return answer.ok
    ? unauthenticated(c, await loginFlows(c))
    : refused(c, answer, "invalid_password_reset", "key");
});

allauthRoutes.post(`${root}/auth/email/verify/`, async (c) => {
  const { key = "" } = await bodyOf(c);
  if (!key.includes(".")) {
    await confirmEmail(c.var.deps, key);
    return say(c, 200, {});
  }
  const answer = await askSignIn(c, "GET", `/verify-email?token=${encodeURIComponent(key)}`);
  return answer.ok ? say(c, 200, {}) : refused(c, answer, "invalid_or_expired_key", "key");
});

allauthRoutes.post(`${root}/account/password/change/`, async (c) => {
  const { current_password, new_password } = await bodyOf(c);
  const answer = await askSignIn(c, "POST", "/change-password", {
    currentPassword: current_password,
    newPassword: new_password,
  });
  return answer.ok
    ? withCookies(say(c, 200, {}), answer)
    : refused(c, answer, "enter_current_password", "current_password");
});

/** After a right password or code: signed in, or the second factor is still to come. */
async function entered(c: Context<AppEnv>, answer: Response, code: string, param: string) {
  if (!answer.ok) return refused(c, answer, code, param);
  const body = await jsonOf(answer.clone());
  if (body.twoFactorRedirect === true) {
    const pending: Flow = {
      id: "mfa_authenticate",
      is_pending: true,
      types: ["totp", "recovery_codes"],
    };
    return withCookies(unauthenticated(c, [...(await loginFlows(c)), pending]), answer);
  }
  const user = body.user;
  if (body.token === null || !isObject(user)) {
    // Signed up, but the address must be verified first.
    const pending: Flow = { id: "verify_email", is_pending: true };
    return withCookies(unauthenticated(c, [...(await loginFlows(c)), pending]), answer);
  }
  return withCookies(
    welcome(c, { id: Number(user.id), email: String(user.email), hasPassword: true }),
    answer,
  );
}

function welcome(c: Context<AppEnv>, user: Pick<CallerUser, "id" | "email" | "hasPassword">) {
  return c.json({
    status: 200,
    data: {
      user: {
        id: user.id,
        display: user.email,
        email: user.email,
        username: user.email,
        has_usable_password: user.hasPassword,
      },
      methods: user.hasPassword ? [{ method: "password", email: user.email }] : [],
    },
    meta: { is_authenticated: true },
  });
}

const say = (c: Context<AppEnv>, status: 200, data: object) => c.json({ status, data }, status);

const unauthenticated = (c: Context<AppEnv>, flows: Flow[]) =>
  c.json({ status: 401, data: { flows }, meta: { is_authenticated: false } }, 401);

async function loginFlows(c: Context<AppEnv>): Promise<Flow[]> {
  return [{ id: "login" }, ...((await isOpenForSignUp(c)) ? [{ id: "signup" }] : [])];
}

async function isOpenForSignUp(c: Context<AppEnv>): Promise<boolean> {
  const { deps } = c.var;
  if (deps.config.isRegistrationOpen) return true;
  const { rows } = await hasUser(deps.db);
  return rows[0]?.exists === false;
}

/** The library's refusal in allauth's words: 400 with a code and the field, 403 and 429 as they are. */
async function refused(c: Context<AppEnv>, answer: Response, code: string, param: string) {
  const body = await jsonOf(answer);
  const message = typeof body.message === "string" ? body.message : "The request was refused";
  if (answer.status >= 500) throw new Fault("unavailable", "Sign-in is not available right now.");
  const retryAfter = answer.headers.get("retry-after");
  if (retryAfter) c.header("Retry-After", retryAfter);
  const status = answer.status === 403 || answer.status === 429 ? answer.status : 400;
  const isWeak = body.code === "WEAK_PASSWORD";
  const error = {
    message,
    code: status === 429 ? "too_many_login_attempts" : isWeak ? "password_too_weak" : code,
    param: isWeak ? "password" : param,
  };
  return c.json({ status, detail: message, errors: [error] }, status);
}

function withCookies(response: Response, from: Response): Response {
  for (const cookie of from.headers.getSetCookie()) response.headers.append("Set-Cookie", cookie);
  return response;
}

async function bodyOf(c: Context<AppEnv>): Promise<Record<string, string | undefined>> {
  const body = await jsonOf(c.req);
  return dictionaryOf(
    Object.entries(body).map(([key, value]) => [
      key,
      typeof value === "string" ? value : undefined,
    ]),
  );
}
