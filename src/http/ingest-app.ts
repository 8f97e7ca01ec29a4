import { Hono, type NotFoundHandler } from "hono";
import { PatternRouter } from "hono/router/pattern-router";
import type { Deps } from "../deps";
import type { Bindings } from "../env";
import type { AppEnv } from "./app-env";
import { answerErrorOpenly } from "./cors";
import { spelledPath } from "./path-spelling";

export type IngestEnv = { Bindings: Bindings; Variables: { deps: Deps } };

type Parts = {
  depsOf: (env: Bindings) => Deps;
  routes: Hono<IngestEnv>;
  /** Answers where there is no such door. */
  notFound: NotFoundHandler<AppEnv>;
};

/** The app of the doors of SDKs: a small one of their own, so that an event does not pay for the routes of people. */
export function ingestApp({ depsOf, routes, notFound }: Parts): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: spelledPath, router: new PatternRouter() });
  app.use(async (c, next) => {
    c.set("deps", depsOf(c.env));
    await next();
  });
  app.route("/", routes);
  app.notFound(notFound);
  app.onError(answerErrorOpenly);
  return app;
}
