import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "composer", code: "composer require sentry/sentry" }],
  files: [
    {
      name: "index.php",
      code: `<?php

require __DIR__ . '/vendor/autoload.php';

\\Sentry\\init(['dsn' => '__DSN__']);
`,
    },
  ],
  verify: {
    name: "index.php",
    code: `throw new RuntimeException('Hello from setup');
`,
  },
  docs: docsOf("php"),
};
