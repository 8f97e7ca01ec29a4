import { createRoute, z } from "@hono/zod-openapi";
import { allow, orgIdsOf, orgOf } from "../http/access";
import { notFound } from "../http/answers";
import { faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf, toPage } from "../http/pages";
import { Organization } from "../orgs/schemas";
import { toOrganization } from "../orgs/shapes";
import { findProject } from "./find";
import { listProjects } from "./list";
import { type ProjectRow, selectKeys } from "./queries";
import { Project, ProjectKey, ProjectPath, ProjectWithTeams } from "./schemas";
import { toKey, toProject, toProjectWithTeams } from "./shapes";

const readers = ["project:read", "project:write", "project:admin"] as const;
const ProjectWithOrganization = Project.extend({ organization: Organization }).openapi(
  "ProjectWithOrganization",
);
const OrganizationPath = ProjectPath.pick({ organization_slug: true });
const TeamPath = OrganizationPath.extend({ team_slug: z.string() });
const KeyPath = ProjectPath.extend({ key_id: z.string() });

const listAll = createRoute({
  method: "get",
  path: "/api/0/projects/",
  summary: "Projects of all organizations of the caller",
  request: { query: PageQuery },
  responses: { 200: page(ProjectWithOrganization, "By name"), ...faults(401, 403, 422) },
  ...allow(...readers),
});

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/projects/",
  summary: "Projects of an organization",
  request: { params: OrganizationPath, query: PageQuery },
  responses: { 200: page(ProjectWithTeams, "By name"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const listOfTeam = createRoute({
  method: "get",
  path: "/api/0/teams/{organization_slug}/{team_slug}/projects/",
  summary: "Projects of a team",
  request: { params: TeamPath, query: PageQuery },
  responses: { 200: page(Project, "By name"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const getProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/",
  summary: "One project",
  request: { params: ProjectPath },
  responses: { 200: json(ProjectWithOrganization, "The project"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const listKeys = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/keys/",
  summary: "Keys of a project, with their DSNs",
  request: { params: ProjectPath },
  responses: { 200: page(ProjectKey, "Oldest first"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const getKey = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/",
  summary: "One key",
  request: { params: KeyPath },
  responses: { 200: json(ProjectKey, "The key"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

export const projectRoutes = openApi();

const placeOf = ({ project }: ProjectRow) => ({ value: project.name, id: String(project.id) });
const withOrganization = (row: ProjectRow) => ({
  ...toProject(row),
  organization: toOrganization(row.org),
});

projectRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), { value: "text", id: "number" });
  const found = await listProjects(deps, orgIdsOf(caller), caller.user?.id ?? null, range);
  return answerPage(c, toPage(found, range), range, withOrganization, placeOf);
});

projectRoutes.openapi(listOfOrganization, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), { value: "text", id: "number" });
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const found = await listProjects(deps, [id], caller.user?.id ?? null, range);
  return answerPage(c, toPage(found, range), range, toProjectWithTeams, placeOf);
});

projectRoutes.openapi(listOfTeam, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), { value: "text", id: "number" });
  const { organization_slug, team_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const found = await listProjects(deps, [id], caller.user?.id ?? null, range, team_slug);
  return answerPage(c, toPage(found, range), range, toProject, placeOf);
});

projectRoutes.openapi(getProject, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  return c.json(withOrganization(await findProject(deps, caller, id, project_slug)), 200);
});

projectRoutes.openapi(listKeys, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const rows = await selectKeys(deps.db, project.id);
  const range = { limit: rows.length, cursor: undefined };
  return answerPage(c, toPage(rows, range), range, toKey(deps.config.publicUrl), (row) => ({
    value: row.createdAt.toISOString(),
    id: row.id,
  }));
});

projectRoutes.openapi(getKey, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, key_id } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const wanted = key_id.replaceAll("-", "");
  const row = (await selectKeys(deps.db, project.id)).find(
    (key) => key.id.replaceAll("-", "") === wanted || key.publicKey.replaceAll("-", "") === wanted,
  );
  if (!row) throw notFound();
  return c.json(toKey(deps.config.publicUrl)(row), 200);
});
