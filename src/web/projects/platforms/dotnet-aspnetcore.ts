import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "dotnet", code: "dotnet add package Sentry.AspNetCore" },
    { label: "Package manager", code: "Install-Package Sentry.AspNetCore" },
  ],
  files: [
    {
      name: "Program.cs",
      code: `var builder = WebApplication.CreateBuilder(args);

builder.WebHost.UseSentry(options =>
{
    options.Dsn = "__DSN__";
});

var app = builder.Build();
app.Run();
`,
    },
  ],
  verify: {
    name: "Before app.Run",
    code: `app.MapGet("/break", string () => throw new InvalidOperationException("Hello from setup"));
`,
  },
  docs: docsOf("dotnet/guides/aspnetcore"),
};
