import { type Context, Hono } from "hono";
import type { AppEnv } from "../http/app-env";
import { isObject } from "../protocol/json";
import {
  allauthRoot,
  bodyOf,
  entered,
  invalid,
  type Person,
  refused,
  say,
  signedIn,
  welcome,
  withCookies,
} from "./allauth-answers";
import { askSignIn } from "./ask-sign-in";
import { refusalOf } from "./confirm";
import { askLibrary, jsonOf } from "./enter";
import type { FactorRow } from "./factor-queries";
import { endSessions, listFactors, nameFactor, noteAuthentication } from "./factors";

/** Second factors and proofs of who is there, in allauth's words. */
export const allauthFactorRoutes = new Hono<AppEnv>();

type Allauth = Context<AppEnv>;

const secondsOf = (time: Date | null) => (time === null ? null : +time / 1000);

const toAuthenticator = ({ type, id, name, createdAt, lastUsedAt, left }: FactorRow) => ({
  type,
  created_at: secondsOf(createdAt),
  last_used_at: secondsOf(lastUsedAt),
  ...(type === "webauthn" && { id, name: name ?? "", is_passwordless: true }),
  ...(type === "recovery_codes" && { total_code_count: left, unused_code_count: left }),
});

async function factorsOf(c: Allauth, { user }: Person, type?: FactorRow["type"]) {
  const own = await listFactors(c.var.deps, user.id, type);
  return own.map(toAuthenticator);
}

const authenticators = `${allauthRoot}/account/authenticators/`;
allauthFactorRoutes.get(
  authenticators,
  signedIn(async (c, person) => say(c, 200, await factorsOf(c, person))),
);

const totp = `${authenticators}totp/`;
/** Without one it says what to set up: a new secret each time, which counts once a code of it is sent. */
allauthFactorRoutes.get(
  totp,
  signedIn(async (c, person) => {
    const [active] = await factorsOf(c, person, "totp");
    if (active) return say(c, 200, active);
    const begun = await askSignIn(c, "POST", "/two-factor/enable", {});
    if (!begun.ok) return refused(c, begun);
    const { totpURI } = await jsonOf(begun);
    const secret = new URL(String(totpURI)).searchParams.get("secret");
    return say(c, 404, {}, { secret, totp_url: totpURI });
  }),
);
allauthFactorRoutes.post(
  totp,
  signedIn(async (c, person) => {
    const { code, password } = await bodyOf(c);
    if ((await factorsOf(c, person, "totp")).length > 0) {
      return invalid(c, "already_active", "A second factor is set up already.", "code");
    }
    const answer = await askSignIn(c, "POST", "/two-factor/verify-totp", { code, password });
    if (!answer.ok) return refused(c, answer, notBegun);
    const [made] = await factorsOf(c, person, "totp");
    const meta = { recovery_codes_generated: true };
    return withCookies(say(c, 200, made ?? {}, meta), answer);
  }),
);
allauthFactorRoutes.delete(
  totp,
  signedIn(async (c) => {
    const { password } = await bodyOf(c);
    const answer = await askSignIn(c, "POST", "/two-factor/disable", { password });
    return answer.ok ? withCookies(say(c, 200, {}), answer) : refused(c, answer);
  }),
);
const notBegun = { TOTP_NOT_ENABLED: ["incorrect_code", "code"] } as const;

const recoveryCodes = `${authenticators}recovery-codes/`;
/** They are kept hashed: what they are is said once, when they are made. */
allauthFactorRoutes.get(
  recoveryCodes,
  signedIn(async (c, person) => {
    const [codes] = await factorsOf(c, person, "recovery_codes");
    return codes ? say(c, 200, { ...codes, unused_codes: [] }) : say(c, 404, {});
  }),
);
allauthFactorRoutes.post(
  recoveryCodes,
  signedIn(async (c, person) => {
    const { password } = await bodyOf(c);
    const answer = await askSignIn(c, "POST", "/two-factor/generate-backup-codes", { password });
    if (!answer.ok) {
      const given = await jsonOf(answer.clone());
      return given.code === "TWO_FACTOR_NOT_ENABLED"
        ? c.json({ status: 403, detail: "Set up a second factor first." }, 403)
        : refused(c, answer);
    }
    const { backupCodes } = await jsonOf(answer);
    const [codes] = await factorsOf(c, person, "recovery_codes");
    return say(c, 200, { ...codes, unused_codes: backupCodes });
  }),
);

const webauthn = `${authenticators}webauthn/`;
allauthFactorRoutes.get(
  webauthn,
  signedIn(async (c) => {
    const answer = await askSignIn(c, "GET", "/passkey/generate-register-options");
    return answer.ok
      ? withCookies(say(c, 200, { creation_options: { publicKey: await jsonOf(answer) } }), answer)
      : refused(c, answer);
  }),
);
allauthFactorRoutes.post(
  webauthn,
  signedIn(async (c, person) => {
    const { name, credential, password } = await jsonOf(c.req);
    const body = { response: credential, name, password };
    const answer = await askSignIn(c, "POST", "/passkey/verify-registration", body);
    if (!answer.ok) return refused(c, answer);
    const { id } = await jsonOf(answer);
    const made = (await factorsOf(c, person, "webauthn")).find((each) => each.id === Number(id));
    return say(c, 200, made ?? {}, { recovery_codes_generated: false });
  }),
);
const nameCharsMax = 100;
allauthFactorRoutes.put(
  webauthn,
  signedIn(async (c, person) => {
    const { id, name } = await jsonOf(c.req);
    if (typeof name !== "string" || name.trim() === "" || name.length > nameCharsMax) {
      return invalid(c, "invalid", `A name has 1 to ${nameCharsMax} characters.`, "name");
    }
    const isOwn = await nameFactor(c.var.deps, person.user.id, Number(id) || 0, name.trim());
    if (!isOwn) return invalid(c, "unknown", "Name a passkey of your own.", "id");
    const factors = await factorsOf(c, person, "webauthn");
    return say(c, 200, factors.find((each) => each.id === Number(id)) ?? {});
  }),
);
allauthFactorRoutes.delete(
  webauthn,
  signedIn(async (c, person) => {
    const { authenticators: given, password } = await jsonOf(c.req);
    const ids = Array.isArray(given) ? given : [];
    const known = await factorsOf(c, person, "webauthn");
    if (ids.length === 0 || !ids.every((id) => known.some((each) => each.id === id))) {
      return invalid(c, "invalid", "Name passkeys of your own.", "authenticators");
    }
    for (const id of ids) {
      const body = { id: String(id), password };
      const answer = await askSignIn(c, "POST", "/passkey/delete-passkey", body);
      if (!answer.ok) return refused(c, answer);
    }
    return say(c, 200, {});
  }),
);

allauthFactorRoutes.post(`${allauthRoot}/auth/2fa/authenticate/`, async (c) =>
  entered(c, await giveCode(c), {}),
);

async function giveCode(c: Allauth): Promise<Response> {
  const { code = "" } = await bodyOf(c);
  const path = /^\d{6}$/.test(code) ? "verify-totp" : "verify-backup-code";
  return askSignIn(c, "POST", `/two-factor/${path}`, { code });
}

allauthFactorRoutes.post(
  `${allauthRoot}/auth/reauthenticate/`,
  signedIn(async (c, { caller, user }) => {
    const { password = "" } = await bodyOf(c);
    const refusal = await refusalOf(c, caller, password);
    return refusal ? refused(c, refusal) : welcome(c, user);
  }),
);

/** A code of a factor that is set up; one that is only being set up proves nothing. */
allauthFactorRoutes.post(
  `${allauthRoot}/auth/2fa/reauthenticate/`,
  signedIn(async (c, person) => {
    const { code = "" } = await bodyOf(c);
    if ((await factorsOf(c, person, "totp")).length === 0) {
      return invalid(c, "incorrect_code", "There is no second factor.", "code");
    }
    const answer = await askLibrary(c, ({ api }, headers) =>
      /^\d{6}$/.test(code)
        ? api.verifyTOTP({ body: { code }, headers, asResponse: true })
        : api.verifyBackupCode({ body: { code }, headers, asResponse: true }),
    );
    if (!answer.ok) return refused(c, answer);
    await noteAuthentication(c.var.deps, person.caller.id);
    return welcome(c, person.user);
  }),
);

/** With a passkey one comes in, answers for a second factor, and proves that it is oneself. */
for (const step of ["login", "authenticate", "reauthenticate"] as const) {
  const path = `${allauthRoot}/auth/webauthn/${step}/`;
  allauthFactorRoutes.get(path, async (c) => {
    const answer = await askSignIn(c, "GET", "/passkey/generate-authenticate-options");
    return answer.ok
      ? withCookies(say(c, 200, { request_options: { publicKey: await jsonOf(answer) } }), answer)
      : refused(c, answer);
  });
  allauthFactorRoutes.post(
    path,
    step === "reauthenticate"
      ? signedIn(provePasskey)
      : async (c) => entered(c, await givePasskey(c), {}),
  );
}

async function givePasskey(c: Allauth): Promise<Response> {
  const { credential } = await jsonOf(c.req);
  const body = { response: isObject(credential) ? credential : {} };
  return askSignIn(c, "POST", "/passkey/verify-authentication", body);
}

/** A passkey of somebody else proves nothing here: the session that it opened is not handed out. */
async function provePasskey(c: Allauth, { caller, user }: Person): Promise<Response> {
  const answer = await givePasskey(c);
  if (!answer.ok) return refused(c, answer);
  const { user: found } = await jsonOf(answer.clone());
  if (!isObject(found) || Number(found.id) !== user.id) {
    return invalid(c, "incorrect_code", "This passkey is not yours.", "credential");
  }
  await endSessions(c.var.deps, user.id, [caller.id]);
  return withCookies(welcome(c, user), answer);
}
