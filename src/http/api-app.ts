import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import type { Deps } from "../deps";
import type { Bindings } from "../env";
import { detail, routeOf } from "./answers";
import type { AppEnv } from "./app-env";
import { boundBody } from "./body";
import { allowEverySite, answerErrorOpenly, apiCors } from "./cors";
import { documentOf, type Extend } from "./document";
import { holdBack } from "./outgoing";
import { spelledPath } from "./path-spelling";

type Parts = {
  depsOf: (env: Bindings) => Deps;
  /** Of each feature, in the order in which they are asked. */
  features: Record<string, Hono<AppEnv>[]>;
  /** Puts doors that others answer into the document. */
  extend: Extend;
  /** Answers what no feature does. */
  notFound: (c: Context<AppEnv>) => Response | Promise<Response>;
};

const bodyBytesMax = 1_000_000;

/** The app of people and their programs: everything but the doors of SDKs. */
export function apiApp({ depsOf, features, extend, notFound }: Parts): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ getPath: spelledPath });
  app.use(async (c, next) => {
    c.set("deps", depsOf(c.env));
    await next();
  });
  // Without the name of a header Hono makes an id for every request, and takes over none that a client brings.
  app.use(
    answerPreflight,
    requestId({ headerName: "" }),
    finish,
    logRequest,
    boundBody(bodyBytesMax),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (_, methods) =>
        detail(405, "Method not allowed", { Allow: methods.filter(isDocumented).join(", ") }),
    }),
  );
  for (const routes of Object.values(features).flat()) app.route("/", routes);
  app.get("/api/openapi.json", (c) => c.json(documentOf(app, extend)));
  app.notFound(notFound);
  app.onError(answerErrorOpenly);
  return app;
}

/** HEAD is answered wherever GET is. */
const isDocumented = (method: string) => method !== "HEAD";

const answerPreflight: MiddlewareHandler<AppEnv> = async (c, next) =>
  c.req.method === "OPTIONS"
    ? new Response(null, { status: 204, headers: apiCors.preflight })
    : next();

/** Headers of every answer of the API. */
const finish: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  holdBack(c);
  // Pages are for people: no script of another site is to read the one that somebody is signed in to.
  const isPage = c.res.headers.get("content-type")?.startsWith("text/html") ?? false;
  if (!isPage) allowEverySite(c.res.headers);
  c.header("X-Request-Id", c.var.requestId);
};

/** One line for each request. */
const logRequest: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { deps, requestId } = c.var;
  const started = +deps.now();
  await next();
  deps.log("info", "request", {
    method: c.req.method,
    route: routeOf(c),
    status: c.res.status,
    requestId,
    durationMs: +deps.now() - started,
  });
};
