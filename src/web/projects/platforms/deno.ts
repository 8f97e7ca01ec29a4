import { guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "deno", code: "deno add npm:@sentry/deno" }],
  files: [
    {
      name: "main.ts",
      code: `import * as Sentry from "@sentry/deno";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "Start it with",
      code: "deno run --allow-net --allow-read --allow-env --allow-sys main.ts",
    },
  ],
  verify: {
    name: "main.ts",
    code: `setTimeout(() => {
  throw new Error("Hello from setup");
});
`,
  },
  docs: guideOf("deno"),
};
