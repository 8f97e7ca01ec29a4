import type { Context } from "hono";
import { html } from "hono/html";
import { identify } from "../access/allow";
import type { CallerUser } from "../access/caller";
import { askSignIn } from "../accounts/ask-sign-in";
import { jsonOf } from "../accounts/enter";
import { form, formPages, messageOf, passwordField, problem } from "../accounts/form-pages";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { fieldsOf } from "../http/forms";
import { answerHtml } from "../http/html-page";
import { lookUp } from "../protocol/dictionary";
import { isObject } from "../protocol/json";
import { answerInvitation, findInvitation } from "./invitations";
import type { InvitationRow } from "./member-queries";
import { findOrganization } from "./organizations";

type Page = Context<AppEnv>;

/** The page of an invitation, where one signs in or up as well. */
export const invitationPageRoutes = formPages("/accept/*");

invitationPageRoutes.get("/accept/:member/:token/", async (c) =>
  showInvitation(c, await invitationOf(c)),
);

invitationPageRoutes.post("/accept/:member/:token/", async (c) => {
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
        email,
        password,
        name: name ?? "",
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
  const { name: org, slug } = await findOrganization(deps, Number(orgId));
  const { publicUrl } = deps.config;
  return isAccepted
    ? answerHtml(
        c,
        `You are a member of ${org}`,
        html`<p>You are signed in as ${person.email}.</p>
          <p><a href="${publicUrl}/${slug}/issues">Go to the issues of ${org}</a></p>`,
      )
    : answerHtml(c, "The invitation is declined", html`<p>Nothing else has changed.</p>`);
}

async function showInvitation(
  c: Page,
  invitation: InvitationRow,
  trouble?: string,
): Promise<Response> {
  const email = invitation.inviteeEmail;
  const [{ name: org }, person] = await Promise.all([
    findOrganization(c.var.deps, Number(invitation.orgId)),
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
      )}
      <p><a href="${loginOf(c)}">Sign in with a passkey or another service</a>, then come back here.</p>`;
  return answerHtml(
    c,
    `Join ${org}`,
    html`<p>${email} is invited to join ${org} on Brinkwatch.</p>
      ${trouble ? problem(trouble) : ""} ${content}`,
    trouble ? 400 : 200,
  );
}

/** The UI's page of signing in, which knows more ways in and leads back to the invitation. */
const loginOf = (c: Page) => {
  const path = `/accept/${c.req.param("member")}/${c.req.param("token")}/`;
  return `${c.var.deps.config.publicUrl}/login?${new URLSearchParams({ next: path })}`;
};

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
