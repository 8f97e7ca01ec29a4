import { Hono } from "hono";
import { html, raw } from "hono/html";
import { notFound } from "../fault";
import type { AppEnv } from "../http/app-env";
import { answerHtml } from "../http/html-page";
import { readMailbox } from "../platform/mailer";
import { isLoopback } from "../protocol/loopback";

/**
 * Mail that was not sent but kept, for development: it holds links that sign people in. Not there unless DEV_MAILBOX
 * is set, and only for this machine, by its own name: a page elsewhere may give its name any address.
 */
export const mailboxRoutes = new Hono<AppEnv>();

mailboxRoutes.get("/_dev/mail/", async (c) => {
  const { config, blobs } = c.var.deps;
  if (!config.isMailbox || !isLoopback(config.publicUrl) || !isLoopback(c.req.url)) {
    throw notFound();
  }
  const mails = await readMailbox(blobs);
  const list =
    mails.length === 0
      ? html`<p>No mail yet. What Brinkwatch would send appears here, newest first.</p>`
      : html`${mails.map(
          ({ to, subject, sentAt, html: body }) =>
            html`<article>
              <h2>${subject}</h2>
              <p>to ${to}, <time datetime="${sentAt}">${sentAt}</time></p>
              ${sanitized(body)}
            </article>`,
        )}`;
  return answerHtml(c, "Mailbox", list);
});

/** Our own mails hold paragraphs and links and nothing else; they were escaped when they were made. */
const sanitized = (body: string) => raw(body);
