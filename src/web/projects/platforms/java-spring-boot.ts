import { docsOf, fromMaven, type Platform } from "../platform";

export const platform: Platform = {
  install: fromMaven("sentry-spring-boot-starter-jakarta", 8),
  files: [
    {
      name: "application.properties",
      code: `sentry.dsn=__DSN__
`,
    },
  ],
  verify: {
    name: "In a controller",
    code: `@GetMapping("/break")
String fail() {
  throw new IllegalStateException("Hello from setup");
}
`,
  },
  docs: docsOf("java/guides/spring-boot"),
};
