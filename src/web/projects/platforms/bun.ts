import { guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "bun", code: "bun add @sentry/bun" }],
  files: [
    {
      name: "instrument.ts",
      code: `import * as Sentry from "@sentry/bun";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    { name: "Start it with", code: "bun --preload ./instrument.ts app.ts" },
  ],
  verify: {
    name: "app.ts",
    code: `setTimeout(() => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("bun"),
};
