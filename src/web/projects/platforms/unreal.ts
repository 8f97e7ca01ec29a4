import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "git",
      code: "git clone https://github.com/getsentry/sentry-unreal.git Plugins/Sentry",
    },
  ],
  files: [
    {
      name: "Config/DefaultEngine.ini",
      code: `[/Script/Sentry.SentrySettings]
Dsn="__DSN__"
InitAutomatically=True
`,
    },
  ],
  verify: {
    name: "In an actor",
    code: `SentrySubsystem->CaptureMessage(TEXT("Hello from setup"), ESentryLevel::Info);
`,
  },
  docs: docsOf("unreal"),
};
