import { createRoute, z } from "@hono/zod-openapi";
import { faults, json, openApi } from "../http/app";
import { readHealth } from "./health";
import { Health } from "./schemas";

const getLiveness = createRoute({
  method: "get",
  path: "/_health/",
  tags: ["This installation"],
  summary: "Whether the edge answers",
  responses: {
    200: { description: "ok", content: { "text/plain": { schema: z.string() } } },
  },
});

const getReadiness = createRoute({
  method: "get",
  path: "/_health/ready/",
  tags: ["This installation"],
  summary: "Whether all that it needs does its work; looked at every few seconds at most",
  responses: {
    200: json(Health, "All parts do"),
    503: json(
      z.union([Health, faults(503)[503].content["application/json"].schema]),
      "One does not",
    ),
  },
});

const getInternalHealth = createRoute({
  method: "get",
  path: "/api/0/internal/health/",
  tags: ["This installation"],
  summary: "Health in Sentry's shape",
  responses: {
    200: json(z.object({ healthy: z.object({}), problems: z.array(z.string()) }), "Health"),
    ...faults(503),
  },
});

export const healthRoutes = openApi();

healthRoutes.openapi(getLiveness, (c) => c.text("ok", 200));

healthRoutes.openapi(getReadiness, async (c) => {
  const health = await readHealth(c.var.deps);
  c.header("Cache-Control", "no-store");
  return c.json(health, health.status === "ok" ? 200 : 503);
});

healthRoutes.openapi(getInternalHealth, async (c) => {
  const { checks } = await readHealth(c.var.deps);
  const problems = Object.entries(checks)
    .filter(([, { status }]) => status === "failing")
    .map(([part]) => `${part} is failing`);
  return c.json({ healthy: {}, problems }, 200);
});
