import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/sveltekit"),
  files: [
    {
      name: "vite.config.js",
      code: `import { sveltekit } from "@sveltejs/kit/vite";
import { sentrySvelteKit } from "@sentry/sveltekit";

export default { plugins: [sentrySvelteKit(), sveltekit()] };
`,
    },
    {
      name: "src/hooks.client.js",
      code: `import * as Sentry from "@sentry/sveltekit";

Sentry.init({ dsn: "__DSN__" });

export const handleError = Sentry.handleErrorWithSentry();
`,
    },
    {
      name: "src/hooks.server.js",
      code: `import * as Sentry from "@sentry/sveltekit";

Sentry.init({ dsn: "__DSN__" });

export const handle = Sentry.sentryHandle();
export const handleError = Sentry.handleErrorWithSentry();
`,
    },
  ],
  verify: {
    name: "src/routes/break/+server.js",
    code: `export function GET() {
  throw new Error("Hello from setup");
}
`,
  },
  docs: guideOf("sveltekit"),
};
