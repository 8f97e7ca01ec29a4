import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "dotnet", code: "dotnet add package Sentry" },
    { label: "Package manager", code: "Install-Package Sentry" },
  ],
  files: [
    {
      name: "Program.cs",
      code: `using Sentry;

using var sentry = SentrySdk.Init(options =>
{
    options.Dsn = "__DSN__";
});
`,
    },
  ],
  verify: {
    name: "Program.cs",
    code: `throw new InvalidOperationException("Hello from setup");
`,
  },
  docs: docsOf("dotnet"),
};
