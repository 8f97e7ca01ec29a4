import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/cloudflare"),
  files: [
    {
      name: "wrangler.toml",
      code: `compatibility_flags = ["nodejs_compat"]
`,
    },
    {
      name: "src/index.ts",
      code: `import * as Sentry from "@sentry/cloudflare";

export default Sentry.withSentry(() => ({ dsn: "__DSN__" }), {
  async fetch(request, env, ctx) {
    return new Response("Hello");
  },
});
`,
    },
  ],
  verify: {
    name: "In fetch",
    code: `throw new Error("Hello from setup");
`,
  },
  docs: guideOf("cloudflare"),
};
