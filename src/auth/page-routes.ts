import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { Fault } from "../fault";
import { identify } from "../http/access";
import { detail } from "../http/answers";
import type { AppEnv } from "../http/app";
import { assertOwnForm, fieldsOf } from "../http/forms";
import { answerHtml } from "../http/html-page";
import { answerInvitation, findInvitation } from "../orgs/invitations";
import type { InvitationRow } from "../orgs/member-queries";
import { findOrganizationName } from "../orgs/organizations";
import { randomHex } from "../platform/ids";
import { lookUp } from "../protocol/dictionary";
import { isObject } from "../protocol/json";
import { askSignIn } from "./ask-sign-in";
import type { CallerUser } from "./caller";
import { confirmEmail } from "./emails";
import { csrfCookieOf, jsonOf } from "./enter";
import { cookieOf, csrfCookieName } from "./session-cookie";

/** The pages that links in mails lead to: forms without a script, for whoever is not in yet. */
export const pageRoutes = new Hono<AppEnv>();

type Page = Context<AppEnv>;
type Html = ReturnType<typeof html>;

const pages = ["/reset-password/*", "/profile/confirm-email/*", "/accept/*"];
for (const path of pages) {
  pageRoutes.use(path, async (c, next) => {
    const known = cookieOf(c.req.header("cookie") ?? "", csrfCookieName);
    const token = known || randomHex(16);
    c.set("csrfToken", token);
    if (c.req.method === "POST") await assertOwnForm(c, "csrf");
    await next();
    if (!known) c.res.headers.append("Set-Cookie", csrfCookieOf(c, token));
  });
}

pageRoutes.get("/reset-password/set-new-password/:key/", (c) =>
  answerHtml(c, "Choose a new password", passwordForm(c)),
);

pageRoutes.post("/reset-password/set-new-password/:key/", async (c) => {
  const { password } = await fieldsOf(c);
  const body = { token: c.req.param("key"), newPassword: password };
  const answer = await askSignIn(c, "POST", "/reset-password", body);
  if (!answer.ok) {
    return answerHtml(
      c,
      "Choose a new password",
      html`${problem(await messageOf(answer))} ${passwordForm(c)}`,
      400,
    );
  }
  return answerHtml(
    c,
    "Your password is changed",
    html`<p>Sign in with the new password. Every other session has ended.</p>`,
  );
});

const passwordForm = (c: Page) =>
  form(c, html`${passwordField("New password", "new-password")}<button>Save</button>`);

pageRoutes.get("/profile/confirm-email/:key/", (c) =>
  answerHtml(
    c,
    "Confirm your e-mail address",
    form(c, html`<p>This address belongs to you?</p><button>Confirm it</button>`),
  ),
);

pageRoutes.post("/profile/confirm-email/:key/", async (c) => {
  await confirmEmail(c.var.deps, c.req.param("key"));
  return answerHtml(c, "Your address is confirmed", html`<p>Thank you. That is all.</p>`);
});

pageRoutes.get("/login/", (c) => {
  if (c.req.query("socialLoginError") === undefined) return detail(404, "Not Found");
  const code = c.req.query("error") ?? "";
  return answerHtml(
    c,
    "Signing in did not work",
    html`${problem(
      lookUp(failures, code.toLowerCase()) ??
        "The other service did not let you in, or the way back took too long.",
    )}
      <p>Go back to where you came from and try again.</p>`,
    400,
  );
});

/** What the sign-in library says of a person who comes from another service and may not come in. */
const failures: Record<string, string> = {
  access_denied: "You said no at the other service.",
  account_deactivated: "This account is deactivated.",
  account_not_linked:
    "There is an account of this address already. Sign in to it, then join the other service to it.",
  registration_closed: "Registration is not open. Ask for an invitation.",
};

pageRoutes.get("/accept/:member/:token/", async (c) => showInvitation(c, await invitationOf(c)));

pageRoutes.post("/accept/:member/:token/", async (c) => {
  const invitation = await invitationOf(c);
  const { action = "", password, name, code } = await fieldsOf(c);
  const email = invitation.inviteeEmail;
  if (action === "accept" || action === "decline") {
    const person = await signedIn(c);
    if (!person) return showInvitation(c, invitation, "Please sign in first.");
    return conclude(c, person, action === "accept");
  }
  const steps: Record<string, [path: string, body: object]> = {
    "sign-in": ["/sign-in/email", { email, password }],
    "sign-up": [
      "/sign-up/email",
      {
        ...{ email, password, name: name ?? "" },
        invitation: `${c.req.param("member")}/${c.req.param("token")}`,
      },
    ],
    code: [
      /^\d{6}$/.test(code ?? "") ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code",
      { code },
    ],
  };
  const step = lookUp(steps, action);
  if (!step) throw new Fault("invalid", "Cannot parse request body");
  const answer = await askSignIn(c, "POST", step[0], step[1]);
  if (!answer.ok) return showInvitation(c, invitation, await messageOf(answer));
  const body = await jsonOf(answer.clone());
  const next =
    body.twoFactorRedirect === true
      ? await answerHtml(c, "One more step", codeForm(c))
      : isObject(body.user)
        ? await conclude(c, { id: Number(body.user.id), email: String(body.user.email) }, true)
        : await showInvitation(c, invitation, "Please confirm your address first, then come back.");
  for (const cookie of answer.headers.getSetCookie()) next.headers.append("Set-Cookie", cookie);
  return next;
});

/** Who is before the screen. Pages are for browsers: a token does nothing here. */
async function signedIn(c: Page): Promise<CallerUser | undefined> {
  const caller = await identify(c);
  return caller?.by === "session" ? (caller.user ?? undefined) : undefined;
}

const invitationOf = (c: Page): Promise<InvitationRow> =>
  findInvitation(c.var.deps, c.req.param("member") ?? "", c.req.param("token") ?? "");

async function conclude(
  c: Page,
  person: Pick<CallerUser, "id" | "email">,
  isAccepted: boolean,
): Promise<Response> {
  const { deps } = c.var;
  const actor = {
    userId: person.id,
    name: person.email,
    ip: c.req.header("cf-connecting-ip") ?? null,
  };
  const [member, token] = [c.req.param("member") ?? "", c.req.param("token") ?? ""];
  const answering = { ...person, most: "owner" as const };
  const { orgId } = await answerInvitation(deps, answering, actor, member, token, isAccepted);
  const org = await findOrganizationName(deps, Number(orgId));
  return isAccepted
    ? answerHtml(
        c,
        `You are a member of ${org}`,
        html`<p>You are signed in as ${person.email}.</p>`,
      )
    : answerHtml(c, "The invitation is declined", html`<p>Nothing else has changed.</p>`);
}

async function showInvitation(
  c: Page,
  invitation: InvitationRow,
  trouble?: string,
): Promise<Response> {
  const email = invitation.inviteeEmail;
  const [org, person] = await Promise.all([
    findOrganizationName(c.var.deps, Number(invitation.orgId)),
    signedIn(c),
  ]);
  const isTheirs = person?.email.toLowerCase() === email.toLowerCase();
  const content = person
    ? isTheirs
      ? form(
          c,
          html`<p>You are signed in as ${person.email}.</p>
            <button name="action" value="accept">Accept</button>
            <button name="action" value="decline">Decline</button>`,
        )
      : html`<p role="alert">
          You are signed in as ${person.email}, but the invitation is for ${email}. Sign out, then open the link again.
        </p>`
    : html`${form(
        c,
        html`<h2>I am new here</h2>
          ${addressField(email)}
          <label>Name <input name="name" autocomplete="name" maxlength="255" /></label>
          ${passwordField("Password", "new-password")}
          <button name="action" value="sign-up">Create my account and accept</button>`,
      )}
      ${form(
        c,
        html`<h2>I have an account</h2>
          ${addressField(email)}
          ${passwordField("Password", "current-password")}
          <button name="action" value="sign-in">Sign in and accept</button>`,
      )}`;
  return answerHtml(
    c,
    `Join ${org}`,
    html`<p>${email} is invited to join ${org} on Brinkwatch.</p>
      ${trouble ? problem(trouble) : ""} ${content}`,
    trouble ? 400 : 200,
  );
}

const codeForm = (c: Page) =>
  form(
    c,
    html`<label
        >Code of your authenticator, or a recovery code
        <input name="code" autocomplete="one-time-code" required autofocus
      /></label>
      <button name="action" value="code">Continue</button>`,
  );

/** Not to be changed; it tells password managers whose password follows. */
const addressField = (email: string) =>
  html`<label
    >E-mail address <input type="email" value="${email}" autocomplete="username" readonly
  /></label>`;

const passwordField = (label: string, kind: "new-password" | "current-password") =>
  html`<label
    >${label} <input type="password" name="password" autocomplete="${kind}" required
  /></label>`;

const form = (c: Page, content: Html) =>
  html`<form method="post">
    <input type="hidden" name="csrf" value="${c.var.csrfToken ?? ""}" />
    ${content}
  </form>`;

const problem = (text: string) => html`<p role="alert">${text}</p>`;

async function messageOf(answer: Response): Promise<string> {
  const { message } = await jsonOf(answer);
  return typeof message === "string" ? message : "That did not work.";
}

/** People read these pages, so their errors are pages too. */
pageRoutes.onError((error, c) => {
  if (!(error instanceof Fault)) throw error;
  const status = error.status === 403 || error.status === 409 ? error.status : 400;
  return answerHtml(c, "This does not work", problem(error.message), status);
});
