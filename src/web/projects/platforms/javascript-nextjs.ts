import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/nextjs"),
  files: [
    {
      name: "instrumentation-client.ts",
      code: `import * as Sentry from "@sentry/nextjs";

Sentry.init({ dsn: "__DSN__" });

export const onRouterTransitionStart = Sentry.captureRouterTransitionStart;
`,
    },
    {
      name: "instrumentation.ts",
      code: `import * as Sentry from "@sentry/nextjs";

export function register() {
  Sentry.init({ dsn: "__DSN__" });
}

export const onRequestError = Sentry.captureRequestError;
`,
    },
    {
      name: "next.config.ts",
      code: `import { withSentryConfig } from "@sentry/nextjs";

export default withSentryConfig({
  // what your configuration has
});
`,
    },
  ],
  verify: {
    name: "app/break/route.ts",
    code: `export const dynamic = "force-dynamic";

export function GET() {
  throw new Error("Hello from setup");
}
`,
  },
  docs: guideOf("nextjs"),
};
