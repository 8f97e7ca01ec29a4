import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/react"),
  files: [
    {
      name: "src/instrument.js",
      code: `import * as Sentry from "@sentry/react";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "src/main.jsx",
      code: `import "./instrument";
import * as Sentry from "@sentry/react";
import { createRoot } from "react-dom/client";
import App from "./App";

// The three of React 19; with React 17 and 18 wrap <App /> in <Sentry.ErrorBoundary>.
createRoot(document.getElementById("root"), {
  onUncaughtError: Sentry.reactErrorHandler(),
  onCaughtError: Sentry.reactErrorHandler(),
  onRecoverableError: Sentry.reactErrorHandler(),
}).render(<App />);
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `<button onClick={() => { throw new Error("Hello from setup"); }}>Break</button>`,
  },
  docs: guideOf("react"),
};
