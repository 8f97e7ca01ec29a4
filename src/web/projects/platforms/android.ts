import { docsOf, fromGradle, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "Gradle", code: fromGradle("sentry-android") }],
  files: [
    {
      name: "AndroidManifest.xml",
      code: `<application>
  <meta-data android:name="io.sentry.dsn" android:value="__DSN__" />
</application>
`,
    },
  ],
  verify: {
    name: "In an activity",
    code: `throw RuntimeException("Hello from setup")
`,
  },
  docs: docsOf("android"),
};
