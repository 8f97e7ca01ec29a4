import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { html } from "hono/html";
import { assertOwnForm, csrfCookieOf } from "../access/same-site";
import { csrfCookieName } from "../access/session-cookie";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { answerHtml } from "../http/html-page";
import { randomHex } from "../platform/ids";
import { jsonOf } from "./enter";

type Html = ReturnType<typeof html>;

/** Pages of forms without a script, for whoever is not in yet: a form is taken only from one of ours. */
export function formPages(...paths: string[]): Hono<AppEnv> {
  const pages = new Hono<AppEnv>();
  for (const path of paths) {
    pages.use(path, async (c, next) => {
      const known = getCookie(c, csrfCookieName);
      const token = known || randomHex(16);
      c.set("csrfToken", token);
      if (c.req.method === "POST") await assertOwnForm(c, "csrf");
      await next();
      if (!known) c.res.headers.append("Set-Cookie", csrfCookieOf(c, token));
    });
  }
  // People read these pages, so their errors are pages too.
  pages.onError((error, c) => {
    if (!(error instanceof Fault)) throw error;
    const status = error.status === 403 || error.status === 409 ? error.status : 400;
    return answerHtml(c, "This does not work", problem(error.message), status);
  });
  return pages;
}

/** Asks for a password. */
export const passwordField = (label: string, kind: "new-password" | "current-password") =>
  html`<label
    >${label} <input type="password" name="password" autocomplete="${kind}" required
  /></label>`;

/** A form that comes back to the page it is on, with the value of the csrf cookie. */
export const form = (c: Context<AppEnv>, content: Html) =>
  html`<form method="post">
    <input type="hidden" name="csrf" value="${c.var.csrfToken ?? ""}" />
    ${content}
  </form>`;

/** Why the last try did not work. */
export const problem = (text: string) => html`<p role="alert">${text}</p>`;

/** What the sign-in library says of it. */
export async function messageOf(answer: Response): Promise<string> {
  const { message } = await jsonOf(answer);
  return typeof message === "string" ? message : "That did not work.";
}
