import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    { label: "Swift package", code: "https://github.com/getsentry/sentry-cocoa" },
    { label: "CocoaPods", code: "pod 'Sentry'" },
  ],
  files: [
    {
      name: "App.swift",
      code: `import Sentry
import SwiftUI

@main
struct MyApp: App {
    init() {
        SentrySDK.start { options in
            options.dsn = "__DSN__"
        }
    }

    var body: some Scene {
        WindowGroup { ContentView() }
    }
}
`,
    },
  ],
  verify: {
    name: "Anywhere",
    code: `SentrySDK.capture(message: "Hello from setup")
`,
  },
  docs: docsOf("apple"),
};
