import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/remix"),
  files: [
    {
      name: "app/entry.client.tsx",
      code: `import * as Sentry from "@sentry/remix";

Sentry.init({ dsn: "__DSN__" });

// below it: what hydrates the page, as it was
`,
    },
    {
      name: "instrument.server.mjs",
      code: `import * as Sentry from "@sentry/remix";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "app/entry.server.tsx",
      code: `import * as Sentry from "@sentry/remix";

export const handleError = Sentry.sentryHandleError;
`,
    },
    {
      name: "package.json",
      code: `"start": "NODE_OPTIONS='--import ./instrument.server.mjs' remix-serve ./build/server/index.js"`,
    },
  ],
  verify: {
    name: "app/routes/break.tsx",
    code: `export function loader() {
  throw new Error("Hello from setup");
}
`,
  },
  docs: guideOf("remix"),
};
