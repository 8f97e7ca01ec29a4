import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "npm", code: "npm install @sentry/react-native" },
    { label: "yarn", code: "yarn add @sentry/react-native" },
    { label: "expo", code: "npx expo install @sentry/react-native" },
  ],
  files: [
    {
      name: "App.js",
      code: `import * as Sentry from "@sentry/react-native";

Sentry.init({ dsn: "__DSN__" });

function App() {
  // your app
}

export default Sentry.wrap(App);
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `<Button title="Break" onPress={() => { throw new Error("Hello from setup"); }} />`,
  },
  docs: docsOf("react-native"),
};
