import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/angular"),
  files: [
    {
      name: "src/main.ts",
      code: `import { bootstrapApplication } from "@angular/platform-browser";
import * as Sentry from "@sentry/angular";
import { App } from "./app/app";
import { appConfig } from "./app/app.config";

Sentry.init({ dsn: "__DSN__" });

bootstrapApplication(App, appConfig);
`,
    },
    {
      name: "src/app/app.config.ts",
      code: `import { ApplicationConfig, ErrorHandler } from "@angular/core";
import * as Sentry from "@sentry/angular";

export const appConfig: ApplicationConfig = {
  providers: [{ provide: ErrorHandler, useValue: Sentry.createErrorHandler() }],
};
`,
    },
  ],
  verify: {
    name: "In any component",
    code: `fail() {
  throw new Error("Hello from setup");
}
`,
  },
  docs: guideOf("angular"),
};
