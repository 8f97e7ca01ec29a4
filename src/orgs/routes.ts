import { createRoute } from "@hono/zod-openapi";
import { scopesOfRole } from "../auth/scopes";
import { allow, orgIdsOf, orgOf } from "../http/access";
import { notFound } from "../http/answers";
import { faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf, toPage } from "../http/pages";
import { listProjects } from "../projects/list";
import { toProjectWithTeams } from "../projects/shapes";
import { selectOrganization, selectOrganizations, selectTeams } from "./queries";
import { Organization, OrganizationDetail, OrganizationPath } from "./schemas";
import { toOrganization } from "./shapes";

const listOrganizations = createRoute({
  method: "get",
  path: "/api/0/organizations/",
  summary: "Organizations of the caller",
  request: { query: PageQuery },
  responses: { 200: page(Organization, "By name"), ...faults(401, 403, 422) },
  ...allow("org:read", "org:write", "org:admin"),
});

const getOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/",
  summary: "One organization with its projects and teams",
  request: { params: OrganizationPath },
  responses: { 200: json(OrganizationDetail, "The organization"), ...faults(401, 403, 404) },
  ...allow("org:read", "org:write", "org:admin"),
});

export const orgRoutes = openApi();

orgRoutes.openapi(listOrganizations, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), { value: "text", id: "number" });
  const found = toPage(await selectOrganizations(deps.db, orgIdsOf(caller), range), range);
  return answerPage(c, found, range, toOrganization, (row) => ({
    value: row.name,
    id: String(row.id),
  }));
});

orgRoutes.openapi(getOrganization, async (c) => {
  const { deps, caller } = c.var;
  const { id, role } = orgOf(caller, c.req.valid("param").organization_slug);
  const userId = caller.user?.id ?? null;
  const [[org], teams, projects] = await Promise.all([
    selectOrganization(deps.db, id),
    selectTeams(deps.db, id, userId),
    listProjects(deps, [id], userId),
  ]);
  if (!org) throw notFound();
  return c.json(
    {
      ...toOrganization(org),
      projects: projects.map(toProjectWithTeams),
      teams: teams.map((team) => ({
        id: String(team.id),
        slug: team.slug,
        dateCreated: team.createdAt.toISOString(),
        isMember: team.isMember,
        memberCount: team.memberCount,
      })),
      access: role ? scopesOfRole[role] : caller.scopes,
      openMembership: org.openMembership,
    },
    200,
  );
});
