import { type Context, Hono } from "hono";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { providerLabel } from "../platform/social-providers";
import { isObject } from "../protocol/json";
import {
  allauthRoot,
  bodyOf,
  conflict,
  invalid,
  loginFlows,
  type Person,
  refusalAbout,
  refused,
  say,
  signedIn,
  unauthenticated,
  userOf,
  withCookies,
} from "./allauth-answers";
import { askSignIn } from "./ask-sign-in";
import { refusalOf } from "./confirm";
import {
  addEmail,
  choosePrimary,
  confirmEmail,
  listOwnEmails,
  readProof,
  removeEmail,
  resendProof,
} from "./emails";
import { jsonOf } from "./enter";
import { endSessions, findIdentity, listSessions } from "./factors";
import { listIdentities } from "./people";
import { EmailInput } from "./schemas";

/** What is one's own, in allauth's words: addresses, password, services, sessions. */
export const allauthAccountRoutes = new Hono<AppEnv>();

type Allauth = Context<AppEnv>;

/** Likewise, but what is asked for changes how one signs in. */
const confirmed = (answer: (c: Allauth, person: Person) => Promise<Response>) =>
  signedIn(async (c, person) => {
    const { password } = await bodyOf(c);
    const refusal = await refusalOf(c, person.caller, password);
    return refusal ? refused(c, refusal) : answer(c, person);
  });

const emails = `${allauthRoot}/account/email/`;
const waitUntilOf = (c: Allauth) => (work: Promise<unknown>) => c.executionCtx.waitUntil(work);

async function listEmails(c: Allauth, { user }: Person): Promise<Response> {
  const own = await listOwnEmails(c.var.deps, user.id);
  const data = own.map(({ email, isPrimary, isVerified }) => ({
    email,
    primary: isPrimary,
    verified: isVerified,
  }));
  return say(c, 200, data);
}

/** The address in the request and what is done with it; what goes wrong is about that address. */
const withEmail =
  (code: string, act: (c: Allauth, person: Person, email: string) => Promise<void>) =>
  async (c: Allauth, person: Person): Promise<Response> => {
    const { email } = await bodyOf(c);
    const given = EmailInput.safeParse({ email });
    if (!given.success) return invalid(c, "invalid", "Enter a valid email address.", "email");
    const refusal = await refusalAbout(c, "email", code, act(c, person, given.data.email));
    return refusal ?? listEmails(c, person);
  };

allauthAccountRoutes.get(emails, signedIn(listEmails));
allauthAccountRoutes.post(
  emails,
  confirmed(
    withEmail("email_taken", (c, { user }, email) =>
      addEmail(c.var.deps, waitUntilOf(c), user.id, email),
    ),
  ),
);
allauthAccountRoutes.put(
  emails,
  signedIn(
    withEmail("unknown_email", (c, { user }, email) =>
      resendProof(c.var.deps, waitUntilOf(c), user.id, email),
    ),
  ),
);
allauthAccountRoutes.patch(
  emails,
  confirmed(
    withEmail("unverified_primary_email", (c, { caller, user }, email) =>
      choosePrimary(c.var.deps, waitUntilOf(c), caller, user, email),
    ),
  ),
);
allauthAccountRoutes.delete(
  emails,
  confirmed((c, person) =>
    withEmail("unknown_email", async (_, { user }, email) => {
      if (user.email.toLowerCase() === email.toLowerCase()) {
        throw new Fault("invalid", "You cannot remove your primary email address.");
      }
      await removeEmail(c.var.deps, user.id, email);
    })(c, person),
  ),
);

allauthAccountRoutes.post(`${allauthRoot}/auth/email/verify/`, async (c) => {
  const { key = "" } = await bodyOf(c);
  const work = confirmEmail(c.var.deps, key);
  return (await refusalAbout(c, "key", "invalid_or_expired_key", work)) ?? say(c, 200, {});
});

/** What a link is about, before anybody says yes to it. */
const linkDoor =
  (kind: "verify-email" | "reset-password", header: string, code: string) => async (c: Allauth) => {
    const found = await readProof(c.var.deps, kind, c.req.header(header) ?? "");
    if (!found) return invalid(c, code, "The link does not work any more", "key");
    const user = userOf({
      id: found.id,
      email: found.main,
      hasPassword: found.hasPassword,
    });
    return say(c, 200, kind === "verify-email" ? { email: found.email, user } : { user });
  };
allauthAccountRoutes.get(
  `${allauthRoot}/auth/email/verify/`,
  linkDoor("verify-email", "x-email-verification-key", "invalid_or_expired_key"),
);
allauthAccountRoutes.get(
  `${allauthRoot}/auth/password/reset/`,
  linkDoor("reset-password", "x-password-reset-key", "invalid_password_reset"),
);

/** Only for a main address that waits for its proof. */
allauthAccountRoutes.post(
  `${allauthRoot}/auth/email/verify/resend/`,
  signedIn(async (c, { user }) => {
    if (user.emailVerified) return conflict(c);
    const body = { email: user.email };
    const answer = await askSignIn(c, "POST", "/send-verification-email", body);
    return answer.ok ? say(c, 200, {}) : refused(c, answer);
  }),
);

allauthAccountRoutes.post(
  `${allauthRoot}/account/password/change/`,
  signedIn(async (c) => {
    const { current_password, new_password } = await bodyOf(c);
    const answer = await askSignIn(c, "POST", "/change-password", {
      currentPassword: current_password,
      newPassword: new_password,
    });
    return answer.ok
      ? withCookies(say(c, 200, {}), answer)
      : refused(c, answer, {
          INVALID_PASSWORD: ["enter_current_password", "current_password"],
          VALIDATION_ERROR: ["enter_current_password", "current_password"],
          WEAK_PASSWORD: ["password_too_weak", "new_password"],
        });
  }),
);

const providers = `${allauthRoot}/account/providers/`;

async function listProviders(c: Allauth, { user }: Person): Promise<Response> {
  const { deps } = c.var;
  const identities = await listIdentities(deps, user.id);
  const known = new Map(
    deps.config.socialProviders.map((each) => [providerLabel(each).id, providerLabel(each)]),
  );
  const data = identities.map(({ provider, uid }) => ({
    uid,
    display: uid,
    provider: known.get(provider) ?? { id: provider, name: provider },
  }));
  return say(c, 200, data);
}

allauthAccountRoutes.get(providers, signedIn(listProviders));
allauthAccountRoutes.delete(
  providers,
  signedIn(async (c, person) => {
    const { provider = "", account = "", password } = await bodyOf(c);
    const identity = await findIdentity(c.var.deps, person.user.id, provider, account);
    const body = { accountId: String(identity ?? ""), password };
    const answer = await askSignIn(c, "POST", "/unlink-account", body);
    if (answer.ok) return listProviders(c, person);
    return refused(c, answer, {
      ACCOUNT_NOT_FOUND: ["account_not_found", "account"],
      FAILED_TO_UNLINK_LAST_ACCOUNT: ["no_password", "account"],
    });
  }),
);

const sessions = `${allauthRoot}/auth/sessions/`;

async function answerSessions(c: Allauth, { caller, user }: Person): Promise<Response> {
  const open = await listSessions(c.var.deps, user.id);
  const data = open.map(({ id, ip, userAgent, createdAt, updatedAt }) => ({
    id,
    ip: ip ?? "",
    user_agent: userAgent ?? "",
    created_at: +createdAt / 1000,
    last_seen_at: +updatedAt / 1000,
    is_current: id === caller.id,
  }));
  return say(c, 200, data);
}

const sessionsAtOnceMax = 100;
allauthAccountRoutes.get(sessions, signedIn(answerSessions));
allauthAccountRoutes.delete(
  sessions,
  signedIn(async (c, person) => {
    const body = await jsonOf(c.req);
    const given = isObject(body) && Array.isArray(body.sessions) ? body.sessions : [];
    const ids = given.filter((each): each is number => Number.isSafeInteger(each));
    if (ids.length === 0 || given.length > sessionsAtOnceMax || ids.length < given.length) {
      return invalid(c, "invalid", "Name the sessions that are to end.", "sessions");
    }
    await endSessions(c.var.deps, person.user.id, ids);
    return ids.includes(person.caller.id)
      ? unauthenticated(c, await loginFlows(c))
      : answerSessions(c, person);
  }),
);
