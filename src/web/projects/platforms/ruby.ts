import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "bundler", code: "bundle add sentry-ruby" }],
  files: [
    {
      name: "main.rb",
      code: `require "sentry-ruby"

Sentry.init do |config|
  config.dsn = "__DSN__"
end
`,
    },
  ],
  verify: {
    name: "main.rb",
    code: `begin
  raise "Hello from setup"
rescue => error
  Sentry.capture_exception(error)
end
`,
  },
  docs: docsOf("ruby"),
};
