import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/electron"),
  files: [
    {
      name: "main.js",
      code: `import * as Sentry from "@sentry/electron/main";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "renderer.js",
      code: `import * as Sentry from "@sentry/electron/renderer";

Sentry.init();
`,
    },
  ],
  verify: {
    name: "main.js",
    code: `setTimeout(() => {
  throw new Error("Hello from setup");
}, 1000);
`,
  },
  docs: guideOf("electron"),
};
