import { docsOf, fromMaven, type Platform } from "../platform";

export const platform: Platform = {
  install: fromMaven("sentry"),
  files: [
    {
      name: "Main.java",
      code: `import io.sentry.Sentry;

public class Main {
  public static void main(String[] args) {
    Sentry.init(options -> options.setDsn("__DSN__"));
  }
}
`,
    },
  ],
  verify: {
    name: "In main",
    code: `throw new IllegalStateException("Hello from setup");
`,
  },
  docs: docsOf("java"),
};
