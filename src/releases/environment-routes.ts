import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, faults, json, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import type { EnvironmentRow } from "./environment-queries";
import { editEnvironment, listEnvironments } from "./environments";
import { Environment, EnvironmentUpdate, ProjectEnvironment } from "./schemas";
import { speakOfEnvironments } from "./shapes";

const EnvironmentQuery = PageQuery.extend({
  visibility: z.enum(["visible", "hidden", "all"]).default("visible"),
});

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/environments/",
  tags: ["Environments"],
  summary: "Environments of an organization, each once",
  request: { params: OrganizationPath, query: EnvironmentQuery },
  responses: { 200: page(Environment, "By name"), ...usualFaults(), ...faults(422) },
  ...allow("org:read", "org:write", "org:admin"),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/environments/",
  tags: ["Environments"],
  summary: "Environments of a project",
  request: { params: ProjectPath, query: EnvironmentQuery },
  responses: { 200: page(ProjectEnvironment, "By name"), ...usualFaults(), ...faults(422) },
  ...allow("project:read", "project:write", "project:admin"),
});

const updateOne = createRoute({
  method: "put",
  path: "/api/0/projects/{organization_slug}/{project_slug}/environments/{environment}/",
  tags: ["Environments"],
  summary: "Hide or show an environment; needs an admin or a member of one of the project's teams",
  request: {
    params: ProjectPath.extend({ environment: pathPart({ example: "production" }) }),
    body: body(EnvironmentUpdate),
  },
  responses: {
    200: json(ProjectEnvironment, "As it is now"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow("project:write", "project:admin"),
});

export const environmentRoutes = openApi();

const edgeForm = { value: "text", id: "number" } as const;
const edgeOf = ({ id, name }: EnvironmentRow) => ({ value: name, id });

environmentRoutes.openapi(listOfOrganization, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { id } = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const found = await listEnvironments(c.var.deps, id, undefined, query.visibility, range);
  return answerPage(c, found, range, speakOfEnvironments(c.var).environment, edgeOf);
});

environmentRoutes.openapi(listOfProject, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const found = await listEnvironments(deps, id, project.id, query.visibility, range);
  return answerPage(c, found, range, speakOfEnvironments(c.var).projectEnvironment, edgeOf);
});

environmentRoutes.openapi(updateOne, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, environment } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  const project = await findProject(deps, caller, org.id, project_slug);
  const row = await editEnvironment(deps, org, project, environment, c.req.valid("json"));
  return c.json(speakOfEnvironments(c.var).projectEnvironment(row), 200);
});
