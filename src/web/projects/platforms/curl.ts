import type { Platform } from "../platform";

export const platform: Platform = {
  install: [],
  files: [
    {
      name: "In a shell",
      code: `curl -X POST "__ENVELOPE__" \\
  -H "X-Sentry-Auth: Sentry sentry_key=__KEY__, sentry_version=7" \\
  -H "Content-Type: application/x-sentry-envelope" \\
  --data-binary @envelope.txt
`,
    },
    {
      name: "envelope.txt",
      code: `{}
{"type":"event"}
{"level":"error","message":"Hello from setup"}
`,
    },
  ],
  verify: {
    name: "In a shell",
    code: `printf '{}\\n{"type":"event"}\\n{"message":"Hello from setup"}\\n' |
  curl -X POST "__ENVELOPE__?sentry_key=__KEY__" --data-binary @-
`,
  },
  docs: "https://develop.sentry.dev/sdk/data-model/envelopes/",
};
