import type { Context } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "./app-env";

type Html = ReturnType<typeof html>;

/** A small page of ours: no script, no image, nothing from elsewhere; readable without a style sheet too. */
export function answerHtml(
  c: Context<AppEnv>,
  title: string,
  content: Html,
  status: 200 | 400 | 403 | 404 | 409 | 429 | 503 = 200,
): Response | Promise<Response> {
  c.header("Cache-Control", "no-store");
  // Addresses of these pages hold tokens, which other sites must not learn.
  c.header("Referrer-Policy", "same-origin");
  c.header(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  return c.html(
    html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} – Brinkwatch</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
      form { border: 1px solid #8886; border-radius: 8px; padding: 1rem; margin: 1rem 0; }
      label { display: block; margin: 0.5rem 0; }
      input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.4rem 0.5rem; }
      button { font: inherit; padding: 0.4rem 1rem; margin: 0.5rem 0.5rem 0 0; }
      article { border: 1px solid #8886; border-radius: 8px; padding: 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
      h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
      h2 { font-size: 1.1rem; margin: 0; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
      dt { opacity: 0.75; }
      dd { margin: 0; overflow-wrap: anywhere; }
      code { font: 0.875em/1.5 ui-monospace, monospace; }
      ol { margin: 1rem 0 0; padding: 0; list-style: none; }
      li { border-top: 1px solid #8884; padding: 0.35rem 0; }
      li code:last-child { opacity: 0.75; }
      li strong code:last-child { opacity: 1; }
      [role="alert"] { border-left: 4px solid #c33; padding-left: 0.75rem; }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`,
    status,
  );
}
