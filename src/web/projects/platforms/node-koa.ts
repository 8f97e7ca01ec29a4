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
import Koa from "koa";

const app = new Koa();
Sentry.setupKoaErrorHandler(app);

// your middleware

app.listen(3000);
`,
    },
    { name: "Start it with", code: "node --import ./instrument.mjs app.mjs" },
  ],
  verify: {
    name: "Among the middleware",
    code: `app.use(async () => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("koa"),
};
