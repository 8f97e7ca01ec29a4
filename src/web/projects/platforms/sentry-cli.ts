import type { Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "npm", code: "npm install --global @sentry/cli" },
    { label: "Homebrew", code: "brew install getsentry/tools/sentry-cli" },
    { label: "Scoop", code: "scoop install sentry-cli" },
  ],
  files: [
    {
      name: "In a shell",
      code: `export SENTRY_DSN=__DSN__
`,
    },
    {
      name: "script.sh",
      code: `#!/usr/bin/env bash
export SENTRY_DSN=__DSN__
eval "$(sentry-cli bash-hook)"
`,
    },
  ],
  verify: {
    name: "In a shell",
    code: `sentry-cli send-event -m "Hello from setup"
`,
  },
  docs: "https://docs.sentry.io/cli/send-event/",
};
