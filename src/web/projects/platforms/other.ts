import type { Platform } from "../platform";

export const platform: Platform = {
  install: [],
  files: [
    {
      name: "Where your SDK is configured",
      code: `SENTRY_DSN=__DSN__
`,
    },
  ],
  verify: {
    name: "In a shell",
    code: `printf '{}\\n{"type":"event"}\\n{"message":"Hello from setup"}\\n' |
  curl -X POST "__ENVELOPE__?sentry_key=__KEY__" --data-binary @-
`,
  },
  docs: "https://docs.sentry.io/platforms/",
};
