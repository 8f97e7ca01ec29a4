import { docsOf, fromPyPi, type Platform } from "../platform";

export const platform: Platform = {
  install: fromPyPi("flask"),
  files: [
    {
      name: "app.py",
      code: `import sentry_sdk

sentry_sdk.init(dsn="__DSN__")

from flask import Flask

app = Flask(__name__)
`,
    },
  ],
  verify: {
    name: "app.py",
    code: `@app.route("/break")
def fail():
    raise RuntimeError("Hello from setup")
`,
  },
  docs: docsOf("python/integrations/flask"),
};
