import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { nameQuery, wordsOf } from "../protocol/name-query";
import { MemberTeamPath, NewTeam, Team, TeamPath, TeamUpdate, TeamWithProjects } from "./schemas";
import { speakOfOrganizations } from "./shapes";
import type { TeamRow } from "./team-queries";
import {
  changeTeamMember,
  createTeam,
  editTeam,
  findTeam,
  listTeams,
  readTeam,
  removeTeam,
  type TeamAndProjects,
  withProjects,
} from "./teams";

const readers = ["team:read", "team:write", "team:admin"] as const;
const orgReaders = ["org:read", "org:write", "org:admin"] as const;
const listPath = "/api/0/organizations/{organization_slug}/teams/";
const path = "/api/0/teams/{organization_slug}/{team_slug}/";

const ListQuery = PageQuery.extend({ query: nameQuery() });

const listAll = createRoute({
  method: "get",
  path: listPath,
  tags: ["Members and teams"],
  summary: "Teams of an organization with their projects",
  request: { params: OrganizationPath, query: ListQuery },
  responses: { 200: page(TeamWithProjects, "Newest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers, ...orgReaders),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/teams/",
  tags: ["Members and teams"],
  summary: "Teams of a project",
  request: { params: ProjectPath, query: ListQuery },
  responses: { 200: page(Team, "Newest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers, ...orgReaders),
});

const createOne = createRoute({
  method: "post",
  path: listPath,
  tags: ["Members and teams"],
  summary: "Create a team; needs an admin, who becomes its member",
  request: { params: OrganizationPath, body: body(NewTeam) },
  responses: {
    201: json(TeamWithProjects, "The team"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow("team:write", "team:admin", "org:write", "org:admin"),
});

const getTeam = createRoute({
  method: "get",
  path,
  tags: ["Members and teams"],
  summary: "One team with its projects",
  request: { params: TeamPath },
  responses: { 200: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow(...readers),
});

const updateTeam = createRoute({
  method: "put",
  path,
  tags: ["Members and teams"],
  summary: "Change slug or name of a team; needs an admin. What is left out stays",
  request: { params: TeamPath, body: body(TeamUpdate) },
  responses: {
    200: json(TeamWithProjects, "The team as it is now"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow("team:write", "team:admin"),
});

const deleteTeam = createRoute({
  method: "delete",
  path,
  tags: ["Members and teams"],
  summary: "Delete a team; needs an admin",
  request: { params: TeamPath },
  responses: { 204: empty("Gone"), ...usualFaults() },
  ...allow("team:admin"),
});

const membershipPath =
  "/api/0/organizations/{organization_slug}/members/{member_id}/teams/{team_slug}/";
const MePath = MemberTeamPath.extend({
  member_id: MemberTeamPath.shape.member_id.openapi({
    description: "Id of the membership, or `me`",
    example: "me",
  }),
});

const joinTeam = createRoute({
  method: "post",
  path: membershipPath,
  tags: ["Members and teams"],
  summary: "Put a member into a team",
  request: { params: MePath },
  responses: { 201: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow("team:write", "team:admin"),
});

const leaveTeam = createRoute({
  method: "delete",
  path: membershipPath,
  tags: ["Members and teams"],
  summary: "Take a member out of a team",
  request: { params: MePath },
  responses: { 200: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow("team:write", "team:admin"),
});

export const teamRoutes = openApi();

const edgeOf = (row: TeamRow) => ({ value: String(row.id), id: String(row.id) });
const edgeForm = { value: "number", id: "number" } as const;

teamRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const { rows, hasMore } = await listTeams(deps, id, userIdOf(c), range, wordsOf(query.query));
  const page = { rows: await withProjects(deps, id, userIdOf(c), rows), hasMore };
  return answerPage(c, page, range, toTeam(c, id), ({ team }) => edgeOf(team));
});

teamRoutes.openapi(listOfProject, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, edgeForm);
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const words = wordsOf(query.query);
  const found = await listTeams(deps, id, userIdOf(c), range, words, project.id);
  return answerPage(c, found, range, (row) => speakOfOrganizations(c.var).team(row, id), edgeOf);
});

teamRoutes.openapi(createOne, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  requireRole(org, "admin");
  const slug = await createTeam(deps, org, actorOf(c), c.req.valid("json"));
  return c.json(await answerOf(c, org.id, slug), 201);
});

teamRoutes.openapi(getTeam, async (c) => {
  const { organization_slug, team_slug } = c.req.valid("param");
  const { id } = orgOf(c.var.caller, organization_slug);
  return c.json(await answerOf(c, id, team_slug), 200);
});

teamRoutes.openapi(updateTeam, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, team_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const team = await findTeam(deps, org.id, team_slug, null);
  await editTeam(deps, org.id, actorOf(c), team, c.req.valid("json"));
  return c.json(await answerOf(c, org.id, team.id), 200);
});

teamRoutes.openapi(deleteTeam, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, team_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const team = await findTeam(deps, org.id, team_slug, null);
  await removeTeam(deps, org.id, actorOf(c), team);
  return c.body(null, 204);
});

teamRoutes.openapi(joinTeam, async (c) => c.json(await changeMembership(c, "join"), 201));
teamRoutes.openapi(leaveTeam, async (c) => c.json(await changeMembership(c, "leave"), 200));

async function changeMembership(c: Context<AppEnv>, change: "join" | "leave") {
  const { deps, caller } = c.var;
  const param = (name: string) => c.req.param(name) ?? "";
  const org = orgOf(caller, param("organization_slug"));
  const team = await findTeam(deps, org.id, param("team_slug"), userIdOf(c));
  const membership = { team, memberId: param("member_id") };
  await changeTeamMember(deps, org, actorOf(c), change, membership);
  return answerOf(c, org.id, team.slug);
}

const userIdOf = (c: Context<AppEnv>) => c.var.caller.user?.id ?? null;

const answerOf = async (c: Context<AppEnv>, orgId: number, slugOrId: string) =>
  toTeam(c, orgId)(await readTeam(c.var.deps, orgId, userIdOf(c), slugOrId));

const toTeam =
  (c: Context<AppEnv>, orgId: number) =>
  ({ team, projects }: TeamAndProjects) => ({
    ...speakOfOrganizations(c.var).team(team, orgId),
    projects: projects.map(speakOfOrganizations(c.var).project),
  });
