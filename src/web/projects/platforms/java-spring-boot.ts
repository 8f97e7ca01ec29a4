import { docsOf, fromMaven, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    ...fromMaven("sentry-spring-boot-4-starter", ", Spring Boot 4"),
    ...fromMaven("sentry-spring-boot-starter-jakarta", ", Spring Boot 3"),
  ],
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
