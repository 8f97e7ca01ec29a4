import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/node"),
  files: [
    {
      name: "instrument.mjs",
      code: `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "app.mjs",
      code: `import { serve } from "@hono/node-server";
import * as Sentry from "@sentry/node";
import { Hono } from "hono";

const app = new Hono();
app.onError((error, c) => {
  Sentry.captureException(error);
  return c.text("Something went wrong", 500);
});

serve(app);
`,
    },
    { name: "Start it with", code: "node --import ./instrument.mjs app.mjs" },
  ],
  verify: {
    name: "Among the routes",
    code: `app.get("/break", () => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("hono"),
};
