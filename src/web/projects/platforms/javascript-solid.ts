import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/solid"),
  files: [
    {
      name: "src/index.jsx",
      code: `import * as Sentry from "@sentry/solid";
import { render } from "solid-js/web";
import App from "./App";

Sentry.init({ dsn: "__DSN__" });

render(() => <App />, document.getElementById("root"));
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `<button onClick={() => { throw new Error("Hello from setup"); }}>Break</button>`,
  },
  docs: guideOf("solid"),
};
