import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "Package Manager: Add package from git URL",
      code: "https://github.com/getsentry/unity.git",
    },
  ],
  files: [
    {
      name: "Tools > Sentry, or in code",
      code: `using Sentry.Unity;
using UnityEngine;

public static class SentrySetup
{
    [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
    static void Start() => SentrySdk.Init(options => options.Dsn = "__DSN__");
}
`,
    },
  ],
  verify: {
    name: "In a MonoBehaviour",
    code: `void Start() => throw new System.InvalidOperationException("Hello from setup");
`,
  },
  docs: docsOf("unity"),
};
