import { docsOf, type Platform } from "../platform";

export const platform: Platform = {
  install: [{ label: "composer", code: "composer require sentry/sentry-laravel" }],
  files: [
    {
      name: "bootstrap/app.php",
      code: `<?php

use Illuminate\\Foundation\\Application;
use Illuminate\\Foundation\\Configuration\\Exceptions;
use Sentry\\Laravel\\Integration;

return Application::configure(basePath: dirname(__DIR__))
    ->withExceptions(function (Exceptions $exceptions) {
        Integration::handles($exceptions);
    })
    ->create();
`,
    },
    {
      name: ".env",
      code: `SENTRY_LARAVEL_DSN=__DSN__
`,
    },
  ],
  verify: { name: "In a shell", code: "php artisan sentry:test" },
  docs: docsOf("php/guides/laravel"),
};
