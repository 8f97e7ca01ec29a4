import { docsOf, fromPyPi, type Platform } from "../platform";

export const platform: Platform = {
  install: fromPyPi("django"),
  files: [
    {
      name: "settings.py",
      code: `import sentry_sdk

sentry_sdk.init(dsn="__DSN__")
`,
    },
  ],
  verify: {
    name: "urls.py",
    code: `from django.urls import path


def fail(request):
    raise RuntimeError("Hello from setup")


urlpatterns = [path("break/", fail)]
`,
  },
  docs: docsOf("python/integrations/django"),
};
