import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "PowerShell", code: "Install-Module -Name Sentry -Scope CurrentUser" }],
  files: [
    {
      name: "script.ps1",
      code: `Import-Module Sentry

Start-Sentry {
    $_.Dsn = '__DSN__'
}
`,
    },
  ],
  verify: {
    name: "script.ps1",
    code: `try {
    throw 'Hello from setup'
} catch {
    $_ | Out-Sentry
}
`,
  },
  docs: docsOf("powershell"),
};
