import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "composer", code: "composer require sentry/sentry-symfony" }],
  files: [
    {
      name: ".env",
      code: `SENTRY_DSN="__DSN__"
`,
    },
    {
      name: "config/packages/sentry.yaml",
      code: `sentry:
    dsn: '%env(SENTRY_DSN)%'
`,
    },
  ],
  verify: {
    name: "In a controller",
    code: `throw new \\RuntimeException('Hello from setup');
`,
  },
  docs: docsOf("php/guides/symfony"),
};
