import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [
    {
      label: "cmake",
      code: `git clone --recursive https://github.com/getsentry/sentry-native.git
cmake -B build sentry-native
cmake --build build --parallel
cmake --install build`,
    },
  ],
  files: [
    {
      name: "main.c",
      code: `#include <sentry.h>

int main(void) {
  sentry_options_t *options = sentry_options_new();
  sentry_options_set_dsn(options, "__DSN__");
  sentry_options_set_database_path(options, ".sentry-native");
  sentry_init(options);

  /* your program */

  sentry_close();
  return 0;
}
`,
    },
  ],
  verify: {
    name: "In main",
    code: `sentry_capture_event(sentry_value_new_message_event(
    SENTRY_LEVEL_ERROR, "setup", "Hello from setup"));
`,
  },
  docs: docsOf("native"),
};
