import { docsOf, fromMaven, type Platform } from "../platform";

export const platform: Platform = {
  install: fromMaven("sentry"),
  files: [
    {
      name: "Main.kt",
      code: `import io.sentry.Sentry

fun main() {
    Sentry.init { it.dsn = "__DSN__" }
}
`,
    },
  ],
  verify: {
    name: "In main",
    code: `error("Hello from setup")
`,
  },
  docs: docsOf("kotlin"),
};
