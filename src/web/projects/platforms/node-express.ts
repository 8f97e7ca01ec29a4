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
      code: `import * as Sentry from "@sentry/node";
import express from "express";

const app = express();

// your routes

// after them, before other handlers of errors
Sentry.setupExpressErrorHandler(app);

app.listen(3000);
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
  docs: guideOf("express"),
};
