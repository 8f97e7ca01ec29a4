import { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import { LinearRouter } from "hono/router/linear-router";
import { allauthAccountRoutes } from "./accounts/allauth-account-routes";
import { allauthFactorRoutes } from "./accounts/allauth-factor-routes";
import { allauthRoutes } from "./accounts/allauth-routes";
import { documentDoors } from "./accounts/documented-routes";
import { managedUserRoutes } from "./accounts/managed-user-routes";
import { pageRoutes } from "./accounts/page-routes";
import { authRoutes } from "./accounts/routes";
import { tokenRoutes } from "./accounts/token-routes";
import { userRoutes } from "./accounts/user-routes";
import { docsRoutes } from "./admin/docs-routes";
import { mailboxRoutes } from "./admin/mailbox-routes";
import { metricsRoutes } from "./admin/metrics-routes";
import { adminRoutes } from "./admin/routes";
import { alertRoutes } from "./alerts/routes";
import { auditRoutes } from "./audit/routes";
import type { Bindings } from "./env";
import { depsOf } from "./host";
import { answerError, detail, routeOf } from "./http/answers";
import type { AppEnv } from "./http/app";
import { drainBody, readBody } from "./http/body";
import { documentOf } from "./http/document";
import { holdBack, secure } from "./http/outgoing";
import { answerNothing, ingestRoutes } from "./ingest/routes";
import { eventRoutes } from "./issues/event-routes";
import { lookupRoutes } from "./issues/lookup-routes";
import { issueRoutes } from "./issues/routes";
import { invitationPageRoutes } from "./orgs/invitation-page-routes";
import { invitationRoutes } from "./orgs/invitation-routes";
import { memberRoutes } from "./orgs/member-routes";
import { orgRoutes } from "./orgs/routes";
import { teamRoutes } from "./orgs/team-routes";
import { keyRoutes } from "./projects/key-routes";
import { projectRoutes } from "./projects/routes";
import { subscriptionRoutes } from "./projects/subscription-routes";
import { environmentRoutes } from "./releases/environment-routes";
import { statsRoutes } from "./stats/routes";

const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "Link, X-Hits, X-Max-Hits, X-Sentry-Direct-Hit, X-Request-Id, Retry-After",
};
const preflightHeaders = {
  ...corsHeaders,
  "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  "Access-Control-Allow-Headers":
    "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, x-sentry-auth, baggage, sentry-trace",
  "Access-Control-Max-Age": "86400",
};

/**
 * Every path has one spelling inside: with a slash at the end, whatever was asked for (never a redirect, which
 * would lose a body), and without the prefix that PUBLIC_URL may have.
 */
function pathOf(request: Request, options?: { env?: object }): string {
  const { pathname } = new URL(request.url);
  const prefix = prefixOf((options?.env as Bindings | undefined)?.PUBLIC_URL);
  const path =
    prefix !== "" && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
  return path.endsWith("/") || /\.\w+$/.test(path) ? path : `${path}/`;
}

const prefixes = new Map<unknown, string>();

function prefixOf(publicUrl: unknown): string {
  const known = prefixes.get(publicUrl);
  if (known !== undefined) return known;
  const prefix =
    typeof publicUrl === "string" && URL.canParse(publicUrl)
      ? new URL(publicUrl).pathname.replace(/\/+$/, "")
      : "";
  prefixes.set(publicUrl, prefix);
  return prefix;
}

/** The doors of SDKs: a small app of their own, so that an event does not pay for the routes of people. */
const ingest = new Hono<AppEnv>({ getPath: pathOf, router: new LinearRouter() });
ingest.use(async (c, next) => {
  c.set("deps", depsOf(c.env, "ingest"));
  await next();
});
ingest.route("/", ingestRoutes);
ingest.notFound(answerNothing);

const ingestPath = /\/api\/(?:\d+|embed)\/|\/tunnel\/?$/;

/** Everything that comes in by HTTP. */
export async function answer(request: Request, env: Bindings, context: ExecutionContext) {
  const [path = ""] = request.url.split("?", 1);
  const isIngest = ingestPath.test(path) && !path.includes("/api/0/");
  const response = await (isIngest ? ingest : api).fetch(request, env, context);
  secure(response.headers, env.PUBLIC_URL);
  // Of a body that was too large the rest is left.
  if (!request.bodyUsed || response.status === 413) await drainBody(request);
  return response;
}

const api = new OpenAPIHono<AppEnv>({ getPath: pathOf });

api.use(async (c, next) => {
  c.set("deps", depsOf(c.env, "api"));
  if (c.req.method === "OPTIONS")
    return new Response(null, { status: 204, headers: preflightHeaders });
  c.set("requestId", crypto.randomUUID());
  const started = +c.var.deps.now();
  await next();
  c.var.deps.log("info", "request", {
    method: c.req.method,
    route: routeOf(c),
    status: c.res.status,
    requestId: c.var.requestId,
    durationMs: +c.var.deps.now() - started,
  });
  holdBack(c);
  // Pages are for people: no script of another site is to read the one that somebody is signed in to.
  const isPage = c.res.headers.get("content-type")?.startsWith("text/html") ?? false;
  if (!isPage) allowEverySite(c.res.headers);
  c.header("X-Request-Id", c.var.requestId);
});

const bodyBytesMax = 1_000_000;
api.use(async (c, next) => {
  const { raw, method } = c.req;
  if (raw.body) {
    const body = await readBody(raw, bodyBytesMax);
    if (method !== "GET" && method !== "HEAD") c.req.raw = new Request(raw, { method, body });
  }
  await next();
});

for (const routes of [
  adminRoutes,
  docsRoutes,
  mailboxRoutes,
  metricsRoutes,
  orgRoutes,
  memberRoutes,
  teamRoutes,
  invitationRoutes,
  auditRoutes,
  projectRoutes,
  keyRoutes,
  subscriptionRoutes,
  alertRoutes,
  environmentRoutes,
  statsRoutes,
  managedUserRoutes,
  authRoutes,
  allauthRoutes,
  allauthAccountRoutes,
  allauthFactorRoutes,
  pageRoutes,
  invitationPageRoutes,
  userRoutes,
  tokenRoutes,
  issueRoutes,
  eventRoutes,
  lookupRoutes,
]) {
  api.route("/", routes);
}

// An old address of GlitchTip's event download.
api.get("/organizations/:org/issues/:issue/events/:event/json/", (c) =>
  c.redirect(`${prefixOf(c.env.PUBLIC_URL)}/api/0${c.req.path}`, 302),
);

api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
  type: "http",
  scheme: "bearer",
  description: "An API token. Each operation lists scopes, any one of which is enough.",
});

api.openAPIRegistry.registerComponent("securitySchemes", "session", {
  type: "apiKey",
  in: "cookie",
  name: "sessionid",
  description:
    "A signed-in browser. What changes something also sends the cookie csrftoken as header X-CSRFToken.",
});

api.get("/api/openapi.json", (c) => c.json(documentOf(api, documentDoors)));

api.get("/robots.txt", (c) => c.text("User-agent: *\nDisallow: /\n"));
api.get("/favicon.ico", (c) => c.body(null, 204, { "Cache-Control": "public, max-age=86400" }));

api.notFound((c) => {
  const methods = api.routes
    .filter(({ path, method }) => method !== "ALL" && matches(path, c.req.path))
    .map(({ method }) => method);
  if (methods.length === 0) return detail(404, "Not Found");
  return detail(405, "Method not allowed", { Allow: [...new Set(methods)].join(", ") });
});

for (const app of [api, ingest]) {
  app.onError((error, c) => {
    const response = answerError(error, c);
    allowEverySite(response.headers);
    return response;
  });
}

function allowEverySite(headers: Headers): void {
  for (const [name, value] of Object.entries(corsHeaders)) headers.set(name, value);
}

/** Whether a route's pattern covers a path. */
function matches(pattern: string, path: string): boolean {
  const expected = pattern.split("/");
  const given = path.split("/");
  return (
    !pattern.includes("*") &&
    expected.length === given.length &&
    expected.every((part, index) => part.startsWith(":") || part === given[index])
  );
}
