import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import type { Role } from "../access/scopes";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { findProject, requireTeamOrAdmin } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { idPattern } from "../protocol/row-id";
import type { AlertRow, OrganizationAlertRow } from "./queries";
import {
  createAlert,
  editAlert,
  findAlert,
  listAlerts,
  listAlertsOfOrganization,
  removeAlert,
  testAlert,
} from "./rules";
import { Alert, AlertIn, OrganizationAlert, TestResult } from "./schemas";

const readers = ["project:read", "project:write", "project:admin"] as const;
const writers = ["project:write", "project:admin"] as const;
const listPath = "/api/0/projects/{organization_slug}/{project_slug}/alerts/";
const path = "/api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/";
const AlertPath = ProjectPath.extend({ alert_id: pathPart({ example: "11" }) });

const listAll = createRoute({
  method: "get",
  path: listPath,
  tags: ["Alerts"],
  summary: "Alert rules of a project",
  request: { params: ProjectPath, query: PageQuery },
  responses: { 200: page(Alert, "Newest first"), ...usualFaults(), ...faults(422) },
  ...allow(...readers),
});

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/alerts/",
  tags: ["Alerts"],
  summary: "Alert rules of all projects of an organization",
  request: { params: OrganizationPath, query: PageQuery },
  responses: {
    200: page(OrganizationAlert, "By the project's slug, oldest first in each"),
    ...usualFaults(),
    ...faults(422),
  },
  ...allow(...readers),
});

const createOne = createRoute({
  method: "post",
  path: listPath,
  tags: ["Alerts"],
  summary: "Create an alert rule; needs an admin or a member of one of the project's teams",
  request: { params: ProjectPath, body: body(AlertIn) },
  responses: { 201: json(Alert, "The rule"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...writers),
});

const getAlert = createRoute({
  method: "get",
  path,
  tags: ["Alerts"],
  summary: "One alert rule",
  request: { params: AlertPath },
  responses: { 200: json(Alert, "The rule"), ...usualFaults() },
  ...allow(...readers),
});

const updateOne = createRoute({
  method: "put",
  path,
  tags: ["Alerts"],
  summary: "Change an alert rule; needs an admin or a member of one of the project's teams",
  request: { params: AlertPath, body: body(AlertIn) },
  responses: { 200: json(Alert, "The rule as it is now"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...writers),
});

const deleteOne = createRoute({
  method: "delete",
  path,
  tags: ["Alerts"],
  summary: "Delete an alert rule; needs an admin",
  request: { params: AlertPath },
  responses: { 204: empty("Gone"), ...usualFaults() },
  ...allow("project:admin"),
});

const testOne = createRoute({
  method: "post",
  path: `${path}test/` as const,
  tags: ["Alerts"],
  summary: "Send a test message to the recipients of a rule, or to one of them",
  request: {
    params: AlertPath,
    query: z.object({
      recipient_id: z.string().regex(idPattern, "must be an id").max(15).optional(),
    }),
  },
  responses: {
    200: json(z.array(TestResult), "What became of each message"),
    ...usualFaults(),
    ...faults(422),
  },
  ...allow(...writers),
});

export const alertRoutes = openApi();

alertRoutes.openapi(listAll, async (c) => {
  const range = rangeOf(c.req.valid("query"), { value: "number", id: "number" });
  const project = await projectIn(c, "member");
  const alerts = await listAlerts(c.var.deps, project.id, range);
  return answerPage(c, alerts, range, toAlert, ({ id }) => ({ value: String(id), id: String(id) }));
});

alertRoutes.openapi(listOfOrganization, async (c) => {
  const range = rangeOf(c.req.valid("query"), { value: "text", id: "number" });
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const alerts = await listAlertsOfOrganization(c.var.deps, org.id, range);
  return answerPage(c, alerts, range, toOrganizationAlert, ({ id, project }) => ({
    value: project.slug,
    id: String(id),
  }));
});

alertRoutes.openapi(createOne, async (c) => {
  const project = await projectIn(c, "team");
  const id = await createAlert(c.var.deps, actorOf(c), project, c.req.valid("json"));
  return c.json(toAlert(await findAlert(c.var.deps, project.id, id)), 201);
});

alertRoutes.openapi(getAlert, async (c) => {
  const project = await projectIn(c, "member");
  return c.json(
    toAlert(await findAlert(c.var.deps, project.id, c.req.valid("param").alert_id)),
    200,
  );
});

alertRoutes.openapi(updateOne, async (c) => {
  const { deps } = c.var;
  const project = await projectIn(c, "team");
  const row = await findAlert(deps, project.id, c.req.valid("param").alert_id);
  await editAlert(deps, actorOf(c), project, row, c.req.valid("json"));
  return c.json(toAlert(await findAlert(deps, project.id, String(row.id))), 200);
});

alertRoutes.openapi(deleteOne, async (c) => {
  const project = await projectIn(c, "admin");
  const row = await findAlert(c.var.deps, project.id, c.req.valid("param").alert_id);
  await removeAlert(c.var.deps, actorOf(c), project, row);
  return c.body(null, 204);
});

alertRoutes.openapi(testOne, async (c) => {
  const project = await projectIn(c, "team");
  const row = await findAlert(c.var.deps, project.id, c.req.valid("param").alert_id);
  return c.json(testAlert(row, c.req.valid("query").recipient_id), 200);
});

/** The project of the path. `team`: an admin, or whoever is in one of its teams. Faults: not_found. */
async function projectIn(c: Context<AppEnv>, least: Role | "team") {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.param("organization_slug") ?? "");
  if (least !== "team") requireRole(org, least);
  const row = await findProject(deps, caller, org.id, c.req.param("project_slug") ?? "");
  if (least === "team") requireTeamOrAdmin(org, row);
  return row.project;
}

const toOrganizationAlert = ({ project, ...rule }: OrganizationAlertRow): OrganizationAlert => ({
  ...toAlert(rule),
  project: { ...project, id: String(project.id) },
});

const toAlert = ({ id, recipients, ...rule }: AlertRow): Alert => ({
  ...rule,
  id,
  alertRecipients: recipients,
});
