import { fromNpm, guideOf, type Platform } from "../platform";

export const platform: Platform = {
  install: fromNpm("@sentry/nestjs"),
  files: [
    {
      name: "src/instrument.ts",
      code: `import * as Sentry from "@sentry/nestjs";

Sentry.init({ dsn: "__DSN__" });
`,
    },
    {
      name: "src/main.ts",
      code: `import "./instrument"; // first of all

import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(3000);
}
void bootstrap();
`,
    },
    {
      name: "src/app.module.ts",
      code: `import { Module } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { SentryGlobalFilter, SentryModule } from "@sentry/nestjs/setup";

@Module({
  imports: [SentryModule.forRoot()],
  providers: [{ provide: APP_FILTER, useClass: SentryGlobalFilter }],
})
export class AppModule {}
`,
    },
  ],
  verify: {
    name: "In a controller",
    code: `@Get("/break")
fail() {
  throw new Error("Hello from setup");
}
`,
  },
  docs: guideOf("nestjs"),
};
