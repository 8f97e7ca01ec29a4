import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "flutter", code: "flutter pub add sentry_flutter" }],
  files: [
    {
      name: "lib/main.dart",
      code: `import 'package:flutter/widgets.dart';
import 'package:sentry_flutter/sentry_flutter.dart';

Future<void> main() async {
  await SentryFlutter.init(
    (options) => options.dsn = '__DSN__',
    appRunner: () => runApp(const MyApp()),
  );
}
`,
    },
  ],
  verify: {
    name: "In any widget",
    code: `onPressed: () => throw StateError('Hello from setup'),
`,
  },
  docs: docsOf("dart/guides/flutter"),
};
