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
import Fastify from "fastify";

const app = Fastify();
Sentry.setupFastifyErrorHandler(app);

// your routes

await app.listen({ port: 3000 });
`,
    },
    { name: "Start it with", code: "node --import ./instrument.mjs app.mjs" },
  ],
  verify: {
    name: "Among the routes",
    code: `app.get("/break", async () => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("fastify"),
};
