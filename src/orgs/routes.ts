import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { powersIn } from "../access/caller";
import { type CallerOrg, demandRole, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { Organization } from "../projects/schemas";
import { boolean, unlessEmpty } from "../protocol/lenient";
import { nameQuery, wordsOf } from "../protocol/name-query";
import { unanswerable } from "../protocol/unanswerable";
import {
  createOrganization,
  deleteOrganization,
  editOrganization,
  listOrganizations,
  readOrganization,
} from "./organizations";
import { pulseAddressOf } from "./pulse";
import { NewOrganization, OrganizationDetail, OrganizationUpdate } from "./schemas";
import { speakOfOrganizations, toOrganizationChange } from "./shapes";

const path = "/api/0/organizations/{organization_slug}/";

const listAll = createRoute({
  method: "get",
  path: "/api/0/organizations/",
  tags: ["Organizations"],
  summary: "Organizations of the caller",
  request: {
    query: PageQuery.extend({
      query: nameQuery(),
      owner: unlessEmpty(boolean()).openapi({
        type: "boolean",
        description: "Those alone of which the caller is an owner",
      }),
      sortBy: unanswerable("organizations come by name"),
    }),
  },
  responses: { 200: page(Organization, "By name"), ...faults(400, 401, 403, 422, 429) },
  ...allow("org:read", "org:write", "org:admin"),
});

const createOne = createRoute({
  method: "post",
  path: "/api/0/organizations/",
  tags: ["Organizations"],
  summary: "Create an organization; its maker is the primary owner",
  request: { body: body(NewOrganization) },
  responses: {
    201: json(OrganizationDetail, "The organization"),
    ...faults(400, 401, 403, 409, 422, 429),
  },
  ...allow("org:write", "org:admin"),
});

const getOrganization = createRoute({
  method: "get",
  path,
  tags: ["Organizations"],
  summary: "One organization with its projects and teams",
  request: { params: OrganizationPath },
  responses: { 200: json(OrganizationDetail, "The organization"), ...usualFaults() },
  ...allow("org:read", "org:write", "org:admin"),
});

const updateOne = createRoute({
  method: "put",
  path,
  tags: ["Organizations"],
  summary: "Change an organization; needs a manager",
  request: { params: OrganizationPath, body: body(OrganizationUpdate) },
  responses: {
    200: json(OrganizationDetail, "The organization as it is now"),
    ...usualFaults(),
    ...faults(400, 409, 422),
  },
  ...allow("org:write", "org:admin"),
});

const deleteOne = createRoute({
  method: "delete",
  path,
  tags: ["Organizations"],
  summary: "Delete an organization with everything in it; needs a manager",
  request: { params: OrganizationPath },
  responses: { 204: empty("Gone"), ...usualFaults() },
  ...allow("org:admin"),
});

export const orgRoutes = openApi();

orgRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, { value: "text", id: "number" });
  const mine = caller.orgs.filter(({ role }) => query.owner !== true || role === "owner");
  const ids = mine.map(({ id }) => id);
  const found = await listOrganizations(deps, ids, range, wordsOf(query.query));
  return answerPage(c, found, range, speakOfOrganizations(c.var).organization, (row) => ({
    value: row.name,
    id: String(row.id),
  }));
});

orgRoutes.openapi(createOne, async (c) => {
  const { deps, caller } = c.var;
  const id = await createOrganization(deps, caller, actorOf(c), c.req.valid("json"));
  return c.json(await readDetail(c, { id, role: "owner" }), 201);
});

orgRoutes.openapi(getOrganization, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  return c.json(await readDetail(c, org), 200);
});

orgRoutes.openapi(updateOne, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  demandRole(org, "manager");
  const change = toOrganizationChange(c.req.valid("json"));
  await editOrganization(c.var.deps, org, actorOf(c), change);
  return c.json(await readDetail(c, org), 200);
});

orgRoutes.openapi(deleteOne, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  demandRole(org, "manager");
  await deleteOrganization(c.var.deps, org, actorOf(c));
  return c.body(null, 204);
});

async function readDetail(c: Context<AppEnv>, { id, role }: Pick<CallerOrg, "id" | "role">) {
  const { deps, caller } = c.var;
  const { org, teams, projects } = await readOrganization(deps, id, caller.user?.id ?? null);
  const say = speakOfOrganizations(c.var);
  return {
    ...say.organizationDetail(org, role),
    projects: projects.map((row) => say.projectWithTeams(row)),
    teams: teams.map((row) => say.team(row, id)),
    access: powersIn(caller, { role }),
    // Clients of GlitchTip's shapes need not know of it.
    ...(caller.by === "session" && { pulse: pulseAddressOf(deps, id) }),
  };
}
