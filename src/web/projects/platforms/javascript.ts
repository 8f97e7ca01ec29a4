import { docsOf, fromNpm, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/browser"),
  files: [
    {
      name: "main.js",
      code: `import * as Sentry from "@sentry/browser";

Sentry.init({ dsn: "__DSN__" });
`,
    },
  ],
  verify: {
    name: "Anywhere after it",
    code: `setTimeout(() => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: docsOf("javascript"),
};
