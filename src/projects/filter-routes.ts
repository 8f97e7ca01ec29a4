import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { body, empty, faults, json, openApi, usualFaults } from "../http/app";
import { pathPart } from "../protocol/path-part";
import { changeFilter } from "./filters";
import { findProject } from "./find";
import { filtersOf } from "./rules";
import { InboundFilterState, InboundFilterUpdate, ProjectPath } from "./schemas";
import { toFilterStates } from "./shapes";

const listPath = "/api/0/projects/{organization_slug}/{project_slug}/filters/";
const FilterPath = ProjectPath.extend({
  filter_id: pathPart({ description: "Id of the list", example: "web-crawlers" }),
});

const listAll = createRoute({
  method: "get",
  path: listPath,
  tags: ["Projects and keys"],
  summary: "Inbound filters that are on or off; those that are lists are options of the project",
  request: { params: ProjectPath },
  responses: { 200: json(z.array(InboundFilterState), "All of them"), ...usualFaults() },
  ...allow("project:read", "project:write", "project:admin"),
});

const updateOne = createRoute({
  method: "put",
  path: `${listPath}{filter_id}/`,
  tags: ["Projects and keys"],
  summary: "Switch an inbound filter; needs an admin. What arrives a minute later follows it",
  request: { params: FilterPath, body: body(InboundFilterUpdate) },
  responses: { 204: empty("Kept"), ...usualFaults(), ...faults(400, 422) },
  ...allow("project:write", "project:admin"),
});

export const filterRoutes = openApi();

filterRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  return c.json(toFilterStates(filtersOf(project.inboundFilters)), 200);
});

filterRoutes.openapi(updateOne, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, filter_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  await changeFilter(deps, actorOf(c), row, filter_id, c.req.valid("json"));
  return c.body(null, 204);
});
