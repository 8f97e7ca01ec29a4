import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "Unpack addons/sentry of a release",
      code: "https://github.com/getsentry/sentry-godot/releases",
    },
  ],
  files: [
    {
      name: "project.godot",
      code: `[sentry]

options/dsn="__DSN__"
`,
    },
  ],
  verify: {
    name: "In any script",
    code: `SentrySDK.capture_message("Hello from setup")
`,
  },
  docs: docsOf("godot"),
};
