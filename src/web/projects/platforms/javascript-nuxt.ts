import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/nuxt"),
  files: [
    {
      name: "nuxt.config.ts",
      code: `export default defineNuxtConfig({
  modules: ["@sentry/nuxt/module"],
  sourcemap: { client: "hidden" },
});
`,
    },
    {
      name: "sentry.client.config.ts",
      code: `import * as Sentry from "@sentry/nuxt";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "sentry.server.config.ts",
      code: `import * as Sentry from "@sentry/nuxt";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "Start it with",
      code: "node --import ./.output/server/sentry.server.config.mjs .output/server/index.mjs",
    },
  ],
  verify: {
    name: "server/api/break.get.ts",
    code: `export default defineEventHandler(() => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("nuxt"),
};
