import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { orgIdsOf, orgOf, requireRole } from "../access/reach";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { unlessEmpty } from "../protocol/lenient";
import { nameQuery } from "../protocol/name-query";
import { pathPart } from "../protocol/path-part";
import { type ActivityPeriod, readActivity, readLastEvents } from "./activity";
import { deleteProject } from "./delete";
import { changeProjectTeam, createProject, editProject } from "./edit";
import { findAttachableTeam, findProject } from "./find";
import { listProjects, parseProjectQuery } from "./list";
import type { ProjectRow } from "./queries";
import {
  NewProject,
  Organization,
  Project,
  ProjectOptions,
  ProjectPath,
  ProjectUpdate,
  ProjectWithTeams,
} from "./schemas";
import { speakOfProjects, toProjectChange, toWantedProject } from "./shapes";

const readers = ["project:read", "project:write", "project:admin"] as const;
const writers = ["project:write", "project:admin"] as const;
const ProjectWithOrganization = Project.extend({ organization: Organization }).openapi(
  "ProjectWithOrganization",
);
const ProjectDetail = ProjectWithOrganization.extend({
  teams: ProjectWithTeams.shape.teams,
  allowedDomains: z.array(z.string()),
  dataScrubberDefaults: z.boolean(),
  sensitiveFields: z.array(z.string()).describe("Beside those of the organization"),
  safeFields: z.array(z.string()).describe("Likewise"),
  options: ProjectOptions,
  groupingConfig: z.enum(["g1", "g2"]).describe("Version of grouping of new issues"),
  fingerprintingRules: z.string().describe("What groups events before all else, one rule a line"),
  groupingEnhancements: z.string().describe("Which frames group and whose they are, likewise"),
  resolveAge: z
    .number()
    .int()
    .describe("Hours after which an issue that was not seen again is resolved; 0 is never"),
  groupingSwitchedAt: z.iso
    .datetime()
    .nullable()
    .describe("When the project changed to g2; null where it never did"),
}).openapi("ProjectDetail");
const OrganizationPath = ProjectPath.pick({ organization_slug: true });
const TeamPath = OrganizationPath.extend({ team_slug: pathPart() });
const ProjectTeamPath = ProjectPath.extend({ team_slug: pathPart() });
const path = "/api/0/projects/{organization_slug}/{project_slug}/";
const ListQuery = PageQuery.extend({
  query: nameQuery("Words of name or slug, team:slug and !team:slug").openapi({
    example: "team:core",
  }),
  statsPeriod: unlessEmpty(z.enum(["24h", "14d"])).openapi({
    type: "string",
    enum: ["24h", "14d"],
    description: "Adds `stats` to each project, by the hour or by the day, and `lastEvent`",
  }),
});

const listAll = createRoute({
  method: "get",
  path: "/api/0/projects/",
  tags: ["Projects and keys"],
  summary: "Projects of all organizations of the caller",
  request: { query: ListQuery },
  responses: { 200: page(ProjectWithOrganization, "By name"), ...faults(400, 401, 403, 422, 429) },
  ...allow(...readers),
});

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/projects/",
  tags: ["Projects and keys"],
  summary: "Projects of an organization",
  request: {
    params: OrganizationPath,
    query: ListQuery,
  },
  responses: { 200: page(ProjectWithTeams, "By name"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers),
});

const listOfTeam = createRoute({
  method: "get",
  path: "/api/0/teams/{organization_slug}/{team_slug}/projects/",
  tags: ["Projects and keys"],
  summary: "Projects of a team",
  request: { params: TeamPath, query: ListQuery },
  responses: { 200: page(Project, "By name"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers),
});

const createOne = createRoute({
  method: "post",
  path: "/api/0/teams/{organization_slug}/{team_slug}/projects/",
  tags: ["Projects and keys"],
  summary: "Create a project of a team, with a first key; needs an admin",
  request: { params: TeamPath, body: body(NewProject) },
  responses: { 201: json(Project, "The project"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...writers),
});

const getProject = createRoute({
  method: "get",
  path,
  tags: ["Projects and keys"],
  summary: "One project",
  request: { params: ProjectPath },
  responses: { 200: json(ProjectDetail, "The project"), ...usualFaults() },
  ...allow(...readers),
});

const updateProject = createRoute({
  method: "put",
  path,
  tags: ["Projects and keys"],
  summary: "Change a project; needs an admin. What is left out stays",
  request: { params: ProjectPath, body: body(ProjectUpdate) },
  responses: {
    200: json(ProjectDetail, "The project as it is now"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow(...writers),
});

const deleteOne = createRoute({
  method: "delete",
  path,
  tags: ["Projects and keys"],
  summary: "Delete a project with all its data; needs an admin",
  request: { params: ProjectPath },
  responses: { 204: empty("Gone"), ...usualFaults() },
  ...allow("project:admin"),
});

const teamPath = "/api/0/projects/{organization_slug}/{project_slug}/teams/{team_slug}/";

const addTeam = createRoute({
  method: "post",
  path: teamPath,
  tags: ["Projects and keys"],
  summary: "Attach a team to a project; needs a manager",
  request: { params: ProjectTeamPath },
  responses: { 201: json(ProjectWithTeams, "The project"), ...usualFaults() },
  ...allow(...writers),
});

const removeTeam = createRoute({
  method: "delete",
  path: teamPath,
  tags: ["Projects and keys"],
  summary: "Take a team off a project; needs a manager",
  request: { params: ProjectTeamPath },
  responses: { 200: json(ProjectWithTeams, "The project"), ...usualFaults() },
  ...allow(...writers),
});

export const projectRoutes = openApi();

const edgeForm = { value: "text", id: "number" } as const;
const edgeOf = ({ project }: ProjectRow) => ({ value: project.name, id: String(project.id) });
const userIdOf = (c: Context<AppEnv>) => c.var.caller.user?.id ?? null;

const withOrganization = (c: Context<AppEnv>, row: ProjectRow) => ({
  ...speakOfProjects(c.var).project(row),
  organization: speakOfProjects(c.var).organization(row.org),
});

/** Adds `stats` and `lastEvent` to the projects of a page, if asked. */
async function statsOf(c: Context<AppEnv>, rows: ProjectRow[], period: ActivityPeriod | undefined) {
  const ids = rows.map(({ project }) => project.id);
  const known =
    period &&
    (await Promise.all([readActivity(c.var.deps, ids, period), readLastEvents(c.var.deps, ids)]));
  return <P extends { id: string }>(shape: P): P & Pick<Project, "stats" | "lastEvent"> => {
    if (!known) return shape;
    const [activity, last] = known;
    const id = Number(shape.id);
    return {
      ...shape,
      stats: activity.get(id) ?? [],
      lastEvent: last.get(id)?.toISOString() ?? null,
    };
  };
}

projectRoutes.openapi(listAll, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const asked = parseProjectQuery(query.query);
  const found = await listProjects(c.var.deps, orgIdsOf(c.var.caller), userIdOf(c), range, asked);
  const withStats = await statsOf(c, found.rows, query.statsPeriod);
  return answerPage(c, found, range, (row) => withStats(withOrganization(c, row)), edgeOf);
});

projectRoutes.openapi(listOfOrganization, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { id } = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const asked = parseProjectQuery(query.query);
  const found = await listProjects(c.var.deps, [id], userIdOf(c), range, asked);
  const withStats = await statsOf(c, found.rows, query.statsPeriod);
  const say = speakOfProjects(c.var).projectWithTeams;
  return answerPage(c, found, range, (row) => withStats(say(row)), edgeOf);
});

projectRoutes.openapi(listOfTeam, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { organization_slug, team_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { teams, words } = parseProjectQuery(query.query);
  const asked = { teams: [...teams, { slug: team_slug, isNegated: false }], words };
  const found = await listProjects(deps, [id], userIdOf(c), range, asked);
  const withStats = await statsOf(c, found.rows, query.statsPeriod);
  const say = speakOfProjects(c.var).project;
  return answerPage(c, found, range, (row) => withStats(say(row)), edgeOf);
});

projectRoutes.openapi(createOne, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, team_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const team = await findAttachableTeam(deps, org.id, team_slug);
  const wanted = toWantedProject(c.req.valid("json"));
  const slug = await createProject(deps, org.id, actorOf(c), team, wanted);
  return c.json(speakOfProjects(c.var).project(await findProject(deps, caller, org.id, slug)), 201);
});

projectRoutes.openapi(getProject, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  return c.json(
    speakOfProjects(c.var).projectDetail(await findProject(deps, caller, id, project_slug)),
    200,
  );
});

projectRoutes.openapi(updateProject, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  await editProject(deps, actorOf(c), row, toProjectChange(c.req.valid("json")));
  const id = String(row.project.id);
  return c.json(
    speakOfProjects(c.var).projectDetail(await findProject(deps, caller, org.id, id)),
    200,
  );
});

projectRoutes.openapi(deleteOne, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  await deleteProject(deps, actorOf(c), await findProject(deps, caller, org.id, project_slug));
  return c.body(null, 204);
});

projectRoutes.openapi(addTeam, async (c) => c.json(await changeTeam(c, "add"), 201));
projectRoutes.openapi(removeTeam, async (c) => c.json(await changeTeam(c, "remove"), 200));

async function changeTeam(c: Context<AppEnv>, change: "add" | "remove") {
  const { deps, caller } = c.var;
  const param = (name: string) => c.req.param(name) ?? "";
  const org = orgOf(caller, param("organization_slug"));
  requireRole(org, "manager");
  const row = await findProject(deps, caller, org.id, param("project_slug"));
  const team = await findAttachableTeam(deps, org.id, param("team_slug"));
  await changeProjectTeam(deps, actorOf(c), change, row, team);
  const changed = await findProject(deps, caller, org.id, String(row.project.id));
  return speakOfProjects(c.var).projectWithTeams(changed);
}
