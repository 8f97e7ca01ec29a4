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
    { name: "Start it with", code: "node --import ./instrument.mjs app.mjs" },
  ],
  verify: {
    name: "app.mjs",
    code: `setTimeout(() => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("node"),
};
