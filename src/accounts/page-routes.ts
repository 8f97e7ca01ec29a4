import type { Context } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../http/app-env";
import { fieldsOf } from "../http/forms";
import { answerHtml } from "../http/html-page";
import { askSignIn } from "./ask-sign-in";
import { confirmEmail } from "./emails";
import { form, formPages, messageOf, passwordField, problem } from "./form-pages";

/** The pages that links in mails lead to. */
export const pageRoutes = formPages("/reset-password/*", "/profile/confirm-email/*");

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
    html`<p>
      <a href="${c.var.deps.config.publicUrl}/login">Sign in</a> with the new password. Every other session has
      ended.
    </p>`,
  );
});

const passwordForm = (c: Context<AppEnv>) =>
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
  const { publicUrl } = c.var.deps.config;
  return answerHtml(
    c,
    "Your address is confirmed",
    html`<p>Thank you. That is all: <a href="${publicUrl}/">go on to Brinkwatch</a>.</p>`,
  );
});
