import { docsOf, fromPyPi, type Platform } from "../platform";

export const platform: Platform = {
  install: fromPyPi("fastapi"),
  files: [
    {
      name: "main.py",
      code: `import sentry_sdk

sentry_sdk.init(dsn="__DSN__")

from fastapi import FastAPI

app = FastAPI()
`,
    },
  ],
  verify: {
    name: "main.py",
    code: `@app.get("/break")
async def fail():
    raise RuntimeError("Hello from setup")
`,
  },
  docs: docsOf("python/integrations/fastapi"),
};
