import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "dotnet", code: "dotnet add package Sentry.Maui" },
    { label: "Package manager", code: "Install-Package Sentry.Maui" },
  ],
  files: [
    {
      name: "MauiProgram.cs",
      code: `var builder = MauiApp.CreateBuilder();
builder
    .UseMauiApp<App>()
    .UseSentry(options =>
    {
        options.Dsn = "__DSN__";
    });
`,
    },
  ],
  verify: {
    name: "Anywhere",
    code: `throw new InvalidOperationException("Hello from setup");
`,
  },
  docs: docsOf("dotnet/guides/maui"),
};
