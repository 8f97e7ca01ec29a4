import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/svelte"),
  files: [
    {
      name: "src/main.js",
      code: `import * as Sentry from "@sentry/svelte";
import { mount } from "svelte";
import App from "./App.svelte";

Sentry.init({ dsn: "__DSN__" });

mount(App, { target: document.getElementById("app") });
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `<button onclick={() => { throw new Error("Hello from setup"); }}>Break</button>`,
  },
  docs: guideOf("svelte"),
};
