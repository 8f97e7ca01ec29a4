import type { Context } from "hono";
import { type Caller, type CallerUser, findSessionCaller } from "../access/caller";
import { notFreshCode } from "../access/freshness";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { type Dictionary, dictionaryOf, lookUp } from "../protocol/dictionary";
import { isObject } from "../protocol/json";
import { selectAnyUser } from "./account-queries";
import { jsonOf } from "./enter";
import { selectFactors } from "./factor-queries";

/** Where GlitchTip's clients find django-allauth's headless API. */
export const allauthRoot = "/_allauth/browser/v1";

export type Flow = { id: string; is_pending?: true; types?: string[] };

export const say = (c: Context<AppEnv>, status: 200 | 404, data: object, meta?: object) =>
  c.json({ status, data, ...(meta && { meta }) }, status);

export const unauthenticated = (c: Context<AppEnv>, flows: Flow[]) =>
  c.json({ status: 401, data: { flows }, meta: { is_authenticated: false } }, 401);

export const conflict = (c: Context<AppEnv>) =>
  c.json({ status: 409, detail: "You are signed in, or nothing is waiting for this." }, 409);

export const invalid = (c: Context<AppEnv>, code: string, message: string, param?: string) =>
  c.json(
    { status: 400, detail: message, errors: [{ message, code, ...(param && { param }) }] },
    400,
  );

/** Does something; what goes wrong with it is about one field of the request. */
export async function refusalAbout(
  c: Context<AppEnv>,
  param: string,
  code: string,
  work: Promise<void>,
): Promise<Response | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === "limited") throw error;
    return invalid(c, code, error.message, param);
  }
}

export async function loginFlows(c: Context<AppEnv>): Promise<Flow[]> {
  return [{ id: "login" }, ...((await isOpenForSignUp(c)) ? [{ id: "signup" }] : [])];
}

export async function isOpenForSignUp(c: Context<AppEnv>): Promise<boolean> {
  const { deps } = c.var;
  if (deps.config.isRegistrationOpen) return true;
  return (await selectAnyUser(deps.db)).length === 0;
}

export type Person = { caller: Caller; user: CallerUser };

/** Who is signed in with a cookie; undefined for everybody else, also for tokens. */
export async function personOfSession(c: Context<AppEnv>): Promise<Person | undefined> {
  if (c.req.header("authorization") !== undefined) return undefined;
  const caller = await findSessionCaller(c.var.deps, c.req.header("cookie") ?? "");
  return caller?.user ? { caller, user: caller.user } : undefined;
}

/** A door for whoever is signed in; everybody else hears how to. */
export const signedIn =
  (answer: (c: Context<AppEnv>, person: Person) => Promise<Response>) =>
  async (c: Context<AppEnv>): Promise<Response> => {
    const person = await personOfSession(c);
    return person ? answer(c, person) : unauthenticated(c, await loginFlows(c));
  };

type Shown = Pick<CallerUser, "id" | "email" | "hasPassword">;

export const userOf = (user: Shown) => ({
  id: user.id,
  display: user.email,
  email: user.email,
  username: user.email,
  has_usable_password: user.hasPassword,
});

const identityOf = (user: Shown) => ({
  user: userOf(user),
  methods: user.hasPassword ? [{ method: "password", email: user.email }] : [],
});

export const welcome = (c: Context<AppEnv>, user: Shown) =>
  c.json({ status: 200, data: identityOf(user), meta: { is_authenticated: true } });

/** Signed in, but what was asked for wants a proof of it that is younger. */
export async function reauthenticate(c: Context<AppEnv>): Promise<Response> {
  const person = await personOfSession(c);
  if (!person) return unauthenticated(c, await loginFlows(c));
  const factors = await selectFactors(c.var.deps.db, person.user.id);
  const types = [...new Set(factors.map(({ type }) => type))];
  const flows = [
    ...(person.user.hasPassword ? [{ id: "reauthenticate" }] : []),
    ...(types.length > 0 ? [{ id: "mfa_reauthenticate", types }] : []),
  ];
  const data = { ...identityOf(person.user), flows };
  return c.json({ status: 401, data, meta: { is_authenticated: true } }, 401);
}

/** Codes of the sign-in library → what allauth calls them, and the field. */
export type Meanings = { readonly [code: string]: readonly [code: string, param: string] };

const everywhere: Meanings = {
  WEAK_PASSWORD: ["password_too_weak", "password"],
  INVALID_PASSWORD: ["incorrect_password", "password"],
  INVALID_CODE: ["incorrect_code", "code"],
  INVALID_BACKUP_CODE: ["incorrect_code", "code"],
  INVALID_EMAIL: ["invalid", "email"],
};

/**
 * The library's refusal in allauth's words: 400 with a code and the field, 401 with the flows that help, 403 and 429
 * as they are. What a door has no meaning for keeps the library's own code.
 */
export async function refused(
  c: Context<AppEnv>,
  answer: Response,
  meanings: Meanings = {},
): Promise<Response> {
  const { code: given, message: text } = await jsonOf(answer);
  if (answer.status >= 500) throw new Fault("unavailable", "Sign-in is not available right now.");
  const code = typeof given === "string" ? given : "";
  if (code === notFreshCode) return reauthenticate(c);
  if (code === "UNAUTHORIZED") return unauthenticated(c, await loginFlows(c));
  if (code === "EMAIL_NOT_VERIFIED") {
    return unauthenticated(c, [...(await loginFlows(c)), { id: "verify_email", is_pending: true }]);
  }
  const message = typeof text === "string" ? text : "The request was refused";
  const retryAfter = answer.headers.get("retry-after");
  if (retryAfter) c.header("Retry-After", retryAfter);
  const status = answer.status === 403 || answer.status === 429 ? answer.status : 400;
  const [name, param] =
    status === 429
      ? ["too_many_login_attempts"]
      : (lookUp(meanings, code) ?? lookUp(everywhere, code) ?? [code.toLowerCase() || "invalid"]);
  const error = { message, code: name, ...(param && { param }) };
  return c.json({ status, detail: message, errors: [error] }, status);
}

export function withCookies(response: Response, from: Response): Response {
  for (const cookie of from.headers.getSetCookie()) response.headers.append("Set-Cookie", cookie);
  return response;
}

/** The texts in a body. */
export async function bodyOf(c: Context<AppEnv>): Promise<Dictionary<string | undefined>> {
  const body = await jsonOf(c.req);
  return dictionaryOf(
    Object.entries(body).map(([key, value]) => [
      key,
      typeof value === "string" ? value : undefined,
    ]),
  );
}

/** After a right password or code: signed in, or the second factor is still to come. */
export async function entered(
  c: Context<AppEnv>,
  answer: Response,
  meanings: Meanings,
): Promise<Response> {
  if (!answer.ok) return refused(c, answer, meanings);
  const body = await jsonOf(answer.clone());
  if (body.twoFactorRedirect === true) {
    const types = ["totp", "recovery_codes"];
    const pending: Flow = { id: "mfa_authenticate", is_pending: true, types };
    return withCookies(unauthenticated(c, [...(await loginFlows(c)), pending]), answer);
  }
  const user = body.user;
  if (body.token === null || !isObject(user)) {
    // Signed up, but the address must be verified first.
    const pending: Flow = { id: "verify_email", is_pending: true };
    return withCookies(unauthenticated(c, [...(await loginFlows(c)), pending]), answer);
  }
  const shown = { id: Number(user.id), email: String(user.email), hasPassword: true };
  return withCookies(welcome(c, shown), answer);
}
