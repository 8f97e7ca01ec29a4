import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "dart", code: "dart pub add sentry" }],
  files: [
    {
      name: "bin/main.dart",
      code: `import 'package:sentry/sentry.dart';

Future<void> main() async {
  await Sentry.init(
    (options) => options.dsn = '__DSN__',
    appRunner: run,
  );
}
`,
    },
  ],
  verify: {
    name: "bin/main.dart",
    code: `void run() {
  throw StateError('Hello from setup');
}
`,
  },
  docs: docsOf("dart"),
};
