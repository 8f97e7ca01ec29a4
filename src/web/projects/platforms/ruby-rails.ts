import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "bundler", code: "bundle add sentry-ruby sentry-rails" }],
  files: [
    {
      name: "config/initializers/sentry.rb",
      code: `Sentry.init do |config|
  config.dsn = "__DSN__"
end
`,
    },
  ],
  verify: {
    name: "config/routes.rb",
    code: `get "/break", to: ->(_env) { raise "Hello from setup" }
`,
  },
  docs: docsOf("ruby/guides/rails"),
};
