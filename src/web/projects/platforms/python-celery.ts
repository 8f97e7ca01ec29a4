import { docsOf, fromPyPi, type Platform } from "../platform";

export const platform: Platform = {
  install: fromPyPi("celery"),
  files: [
    {
      name: "tasks.py",
      code: `import sentry_sdk
from celery import Celery, signals

app = Celery("tasks", broker="redis://localhost:6379/0")


@signals.celeryd_init.connect
def watch(**kwargs):
    sentry_sdk.init(dsn="__DSN__")
`,
    },
  ],
  verify: {
    name: "tasks.py",
    code: `@app.task
def fail():
    raise RuntimeError("Hello from setup")
`,
  },
  docs: docsOf("python/integrations/celery"),
};
