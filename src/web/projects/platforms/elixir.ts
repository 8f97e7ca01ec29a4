import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "mix.exs",
      code: `{:sentry, "~> 13.0"},
{:finch, "~> 0.21"}`,
    },
  ],
  files: [
    {
      name: "config/config.exs",
      code: `config :sentry,
  dsn: "__DSN__",
  environment_name: config_env(),
  enable_source_code_context: true,
  root_source_code_paths: [File.cwd!()]
`,
    },
    {
      name: "lib/my_app/application.ex",
      code: `:logger.add_handler(:sentry, Sentry.LoggerHandler, %{})
`,
    },
  ],
  verify: {
    name: "In iex -S mix",
    code: `Sentry.capture_message("Hello from setup", result: :sync)
`,
  },
  docs: docsOf("elixir"),
};
