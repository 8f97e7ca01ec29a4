import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "cargo", code: "cargo add sentry" }],
  files: [
    {
      name: "src/main.rs",
      code: `fn main() {
    let _guard = sentry::init("__DSN__");
}
`,
    },
  ],
  verify: {
    name: "In main",
    code: `panic!("Hello from setup");
`,
  },
  docs: docsOf("rust"),
};
