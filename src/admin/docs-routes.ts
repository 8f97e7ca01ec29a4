import { Hono } from "hono";
import { html } from "hono/html";
import style from "swagger-ui-dist/swagger-ui.css";
import script from "swagger-ui-dist/swagger-ui-bundle.js";
import packageJson from "../../package.json";
import type { AppEnv } from "../http/app-env";

/** A page to read and try the API, from this server alone: no CDN, no font, no call to anybody else. */
export const docsRoutes = new Hono<AppEnv>();

const version = packageJson.dependencies["swagger-ui-dist"];
const scriptPath = `/api/docs/swagger-ui-${version}.js`;
const stylePath = `/api/docs/swagger-ui-${version}.css`;
const startPath = "/api/docs/start.js";

const forever = { "Cache-Control": "public, max-age=31536000, immutable" };

docsRoutes.get(scriptPath, (c) =>
  c.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8", ...forever }),
);
docsRoutes.get(stylePath, (c) =>
  c.body(style, 200, { "Content-Type": "text/css; charset=utf-8", ...forever }),
);

// A file of its own, because the page allows no inline script.
docsRoutes.get(startPath, (c) => {
  const options = {
    url: `${c.var.deps.config.publicUrl}/api/openapi.json`,
    dom_id: "#reference",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  };
  const text = `SwaggerUIBundle({ ...${JSON.stringify(options)}, presets: [SwaggerUIBundle.presets.apis] });`;
  return c.body(text, 200, { "Content-Type": "text/javascript; charset=utf-8" });
});

docsRoutes.get("/api/docs/", (c) => {
  const { publicUrl } = c.var.deps.config;
  c.header(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  return c.html(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Brinkwatch API</title>
    <link rel="stylesheet" href="${publicUrl}${stylePath}" />
  </head>
  <body>
    <main id="reference">
      <p>
        The reference needs JavaScript. Without it, the document itself is at
        <a href="${publicUrl}/api/openapi.json">/api/openapi.json</a>.
      </p>
    </main>
    <script src="${publicUrl}${scriptPath}"></script>
    <script src="${publicUrl}${startPath}"></script>
  </body>
</html>`);
});
