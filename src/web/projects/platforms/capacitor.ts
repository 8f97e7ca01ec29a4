import { guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "npm",
      code: `npm install @sentry/capacitor @sentry/browser --save-exact
npx cap sync`,
    },
    {
      label: "yarn",
      code: `yarn add @sentry/capacitor @sentry/browser --exact
yarn cap sync`,
    },
  ],
  files: [
    {
      name: "src/main.js",
      code: `import * as Sentry from "@sentry/capacitor";

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
  docs: guideOf("capacitor"),
};
