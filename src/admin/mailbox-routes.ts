import { Hono } from "hono";
import { html, raw } from "hono/html";
import { notFound } from "../http/answers";
import type { AppEnv } from "../http/app";
import { readMailbox } from "../platform/mailer";

/** Mail that was not sent but kept, for development. Not there unless DEV_MAILBOX is set. */
export const mailboxRoutes = new Hono<AppEnv>();

mailboxRoutes.get("/_dev/mail/", async (c) => {
  const { config, blobs } = c.var.deps;
  if (!config.isMailbox) throw notFound();
  const mails = await readMailbox(blobs);
  c.header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  return c.html(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Mailbox – Faultline</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
          article { border: 1px solid #bbb; border-radius: 6px; padding: 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
          h2 { font-size: 1.1rem; margin: 0; }
          p.meta { color: #555; margin: 0; }
        </style>
      </head>
      <body>
        <main>
          <h1>Mailbox</h1>
          ${
            mails.length === 0
              ? html`<p>No mail yet. What Faultline would send appears here, newest first.</p>`
              : mails.map(
                  ({ to, subject, sentAt, html: body }) =>
                    html`<article>
                      <h2>${subject}</h2>
                      <p class="meta">to ${to}, <time datetime="${sentAt}">${sentAt}</time></p>
                      ${sanitized(body)}
                    </article>`,
                )
          }
        </main>
      </body>
    </html>`);
});

/** Our own mails hold paragraphs and links and nothing else; they were escaped when they were made. */
const sanitized = (body: string) => raw(body);
