import { createRoute } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { faults, json, openApi, usualFaults } from "../http/app";
import { Stats, StatsQuery } from "./schemas";
import { readStats } from "./series";

const getStats = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/stats_v2/",
  tags: ["Statistics"],
  summary: "How much was sent and what became of it, hour by hour",
  request: { params: OrganizationPath, query: StatsQuery },
  responses: { 200: json(Stats, "Series of counts"), ...usualFaults(), ...faults(422) },
  ...allow("org:read", "org:write", "org:admin"),
});

export const statsRoutes = openApi();

statsRoutes.openapi(getStats, async (c) => {
  const { id } = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  return c.json(await readStats(c.var.deps, id, c.req.valid("query")), 200);
});
