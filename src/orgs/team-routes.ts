import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { type CallerOrg, orgOf, requireRole } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { Fault, notFound } from "../fault";
import { type AppEnv, body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import { speak } from "../http/dialect";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { findProject } from "../projects/find";
import { listProjectsOfTeams } from "../projects/list";
import { ProjectPath } from "../projects/schemas";
import { toPage } from "../protocol/cursor";
import { nameQuery, wordsOf } from "../protocol/name-query";
import { findMember } from "./members";
import { selectOrganization } from "./queries";
import { MemberTeamPath, NewTeam, Team, TeamPath, TeamUpdate, TeamWithProjects } from "./schemas";
import { selectTeams, type TeamRow } from "./team-queries";
import {
  changeTeamMember,
  createTeam,
  editTeam,
  findTeam,
  mayChangeTeam,
  removeTeam,
} from "./teams";

const readers = ["team:read", "team:write", "team:admin"] as const;
const orgReaders = ["org:read", "org:write", "org:admin"] as const;
const listPath = "/api/0/organizations/{organization_slug}/teams/";
const path = "/api/0/teams/{organization_slug}/{team_slug}/";

const ListQuery = PageQuery.extend({ query: nameQuery() });

const listTeams = createRoute({
  method: "get",
  path: listPath,
  summary: "Teams of an organization with their projects",
  request: { params: OrganizationPath, query: ListQuery },
  responses: { 200: page(TeamWithProjects, "Newest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers, ...orgReaders),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/teams/",
  summary: "Teams of a project",
  request: { params: ProjectPath, query: ListQuery },
  responses: { 200: page(Team, "Newest first"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...readers, ...orgReaders),
});

const createOne = createRoute({
  method: "post",
  path: listPath,
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
  summary: "One team with its projects",
  request: { params: TeamPath },
  responses: { 200: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow(...readers),
});

const updateTeam = createRoute({
  method: "put",
  path,
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
  summary: "Put a member into a team",
  request: { params: MePath },
  responses: { 201: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow("team:write", "team:admin"),
});

const leaveTeam = createRoute({
  method: "delete",
  path: membershipPath,
  summary: "Take a member out of a team",
  request: { params: MePath },
  responses: { 200: json(TeamWithProjects, "The team"), ...usualFaults() },
  ...allow("team:write", "team:admin"),
});

export const teamRoutes = openApi();

const placeOf = (row: TeamRow) => ({ value: String(row.id), id: String(row.id) });
const place = { value: "number", id: "number" } as const;

teamRoutes.openapi(listTeams, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, place);
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const userId = caller.user?.id ?? null;
  const words = wordsOf(query.query);
  const found = toPage((await selectTeams(deps.db, id, userId, range, words)).rows, range);
  const withProjects = await attachProjects(c, id, found.rows);
  return answerPage(
    c,
    { ...found, rows: withProjects },
    range,
    ({ shape }) => shape,
    ({ row }) => placeOf(row),
  );
});

teamRoutes.openapi(listOfProject, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, place);
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const [userId, words] = [caller.user?.id ?? null, wordsOf(query.query)];
  const { rows } = await selectTeams(deps.db, id, userId, range, words, project.id);
  return answerPage(c, toPage(rows, range), range, (row) => speak(c).team(row, id), placeOf);
});

teamRoutes.openapi(createOne, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  requireRole(org, "admin");
  const slug = await createTeam(deps, org, actorOf(c), c.req.valid("json"));
  return c.json(await readTeam(c, org.id, slug), 201);
});

teamRoutes.openapi(getTeam, async (c) => {
  const { organization_slug, team_slug } = c.req.valid("param");
  const { id } = orgOf(c.var.caller, organization_slug);
  return c.json(await readTeam(c, id, team_slug), 200);
});

teamRoutes.openapi(updateTeam, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, team_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const team = await findTeam(deps, org.id, team_slug, null);
  await editTeam(deps, org.id, actorOf(c), team, c.req.valid("json"));
  return c.json(await readTeam(c, org.id, team.id), 200);
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
  const org = orgOf(caller, c.req.param("organization_slug") ?? "");
  const team = await findTeam(
    deps,
    org.id,
    c.req.param("team_slug") ?? "",
    caller.user?.id ?? null,
  );
  const member = await findMember(deps, org.id, memberIdIn(c, org));
  const [row] = await selectOrganization(deps.db, org.id);
  const isOpen = row?.openMembership ?? false;
  if (!mayChangeTeam(org, isOpen, team.isMember, Number(member.id))) {
    throw new Fault("forbidden", "Must be admin to modify teams");
  }
  const who = { id: Number(member.id), email: member.email };
  await changeTeamMember(deps, org.id, actorOf(c), change, team, who);
  return readTeam(c, org.id, team.slug);
}

function memberIdIn(c: Context<AppEnv>, org: CallerOrg): string {
  const id = c.req.param("member_id") ?? "";
  if (id !== "me") return id;
  if (org.memberId === null) throw notFound();
  return String(org.memberId);
}

async function readTeam(c: Context<AppEnv>, orgId: number, slugOrId: string) {
  const { deps, caller } = c.var;
  const row = await findTeam(deps, orgId, slugOrId, caller.user?.id ?? null);
  const [made] = await attachProjects(c, orgId, [row]);
  if (!made) throw notFound();
  return made.shape;
}

async function attachProjects(c: Context<AppEnv>, orgId: number, rows: TeamRow[]) {
  const { deps, caller } = c.var;
  const ids = rows.map(({ id }) => Number(id));
  const projects = await listProjectsOfTeams(deps, orgId, ids, caller.user?.id ?? null);
  const say = speak(c);
  return rows.map((row) => ({
    row,
    shape: {
      ...say.team(row, orgId),
      projects: projects
        .filter(({ teams }) => teams.some(({ id }) => id === String(row.id)))
        .map(say.project),
    },
  }));
}
