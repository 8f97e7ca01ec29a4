import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/vue"),
  files: [
    {
      name: "src/main.js",
      code: `import * as Sentry from "@sentry/vue";
import { createApp } from "vue";
import App from "./App.vue";

const app = createApp(App);
Sentry.init({ app, dsn: "__DSN__" });
app.mount("#app");
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `<button @click="() => { throw new Error('Hello from setup') }">Break</button>`,
  },
  docs: guideOf("vue"),
};
