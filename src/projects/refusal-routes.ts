import { createRoute } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { faults, json, openApi, usualFaults } from "../http/app";
import { remedies } from "../protocol/refusals";
import { findProject } from "./find";
import { listRefusals } from "./refusals";
import { ProjectPath, Refusals } from "./schemas";

const list = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/refusals/",
  tags: ["Projects and keys"],
  summary: "What the doors of SDKs turned away in the last 10 minutes, with what helps",
  request: { params: ProjectPath },
  responses: { 200: json(Refusals, "The latest first"), ...usualFaults(), ...faults(503) },
  ...allow("project:read", "project:write", "project:admin"),
});

export const refusalRoutes = openApi();

refusalRoutes.openapi(list, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { project } = await findProject(
    deps,
    caller,
    orgOf(caller, organization_slug).id,
    project_slug,
  );
  const { since, rows } = await listRefusals(deps, project.id);
  const refusals = rows.map(({ minuteAt, ...row }) => ({
    ...row,
    remedy: remedies[row.reason],
    lastMinute: minuteAt.toISOString(),
  }));
  return c.json({ since: since.toISOString(), refusals }, 200);
});
