import { docsOf, fromPyPi, type Platform } from "../platform";

export const platform: Platform = {
  install: fromPyPi(),
  files: [
    {
      name: "main.py",
      code: `import sentry_sdk

sentry_sdk.init(dsn="__DSN__")
`,
    },
  ],
  verify: {
    name: "main.py",
    code: `raise RuntimeError("Hello from setup")
`,
  },
  docs: docsOf("python"),
};
