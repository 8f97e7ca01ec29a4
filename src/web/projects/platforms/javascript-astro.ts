import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/astro"),
  files: [
    {
      name: "astro.config.mjs",
      code: `import sentry from "@sentry/astro";
import { defineConfig } from "astro/config";

export default defineConfig({ integrations: [sentry()] });
`,
    },
    {
      name: "sentry.client.config.js",
      code: `import * as Sentry from "@sentry/astro";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "sentry.server.config.js",
      code: `import * as Sentry from "@sentry/astro";

Sentry.init({ dsn: "__DSN__" });
`,
    },
  ],
  verify: {
    name: "src/pages/break.astro",
    code: `---
throw new Error("Hello from setup");
---
`,
  },
  docs: guideOf("astro"),
};
