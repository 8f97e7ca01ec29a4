import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "Gradle (Kotlin)", code: `implementation("io.sentry:sentry-android:8.+")` },
    { label: "Gradle (Groovy)", code: "implementation 'io.sentry:sentry-android:8.+'" },
  ],
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
