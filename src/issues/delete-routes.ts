import { createRoute, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { actorOf, allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { empty, faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { ProjectPath } from "../projects/schemas";
import { askedOf, ChangeQuery } from "./asked";
import { deleteIssue, deleteIssues } from "./delete-issues";
import { whereOf } from "./job-routes";
import { IssueJob, toJob } from "./merge-shapes";
import { IssuePath, issueInPath, OrganizationIssuePath, projectInPath } from "./routes";
import { deletedStatus } from "./shapes";

const deleters = ["event:admin"] as const;
const gone = empty("Gone from all lists; the next event like theirs makes a new issue");

const listAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "delete",
    path,
    tags: ["Issues and events"],
    summary: "Delete all issues that the filter finds",
    request: { params, query: ChangeQuery },
    responses: {
      202: json(IssueJob, "More than 1000 issues: the job that deletes them"),
      204: gone,
      ...faults(400, 401, 403, 404, 422, 503),
    },
    ...allow(...deleters),
  });

const ofOrganization = listAt("/api/0/organizations/{organization_slug}/issues/", OrganizationPath);
const ofProject = listAt("/api/0/projects/{organization_slug}/{project_slug}/issues/", ProjectPath);

const oneAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "delete",
    path,
    tags: ["Issues and events"],
    summary: "Delete an issue",
    request: { params },
    responses: {
      202: empty("The same, for Sentry's clients"),
      204: gone,
      ...faults(401, 403, 404),
    },
    ...allow(...deleters),
  });

export const deleteRoutes = openApi();

deleteRoutes.openapi(ofOrganization, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  const job = await deleteIssues(deps, actorOf(c), org, askedOf(c.req.valid("query"), deps.now()));
  return job ? c.json(toJob(whereOf(c, org.slug))(job), 202) : c.body(null, 204);
});

// Without a filter nothing is meant, also where a change would be of the whole project: it cannot be taken back.
deleteRoutes.openapi(ofProject, async (c) => {
  const { deps } = c.var;
  const { org, projectId } = await projectInPath(c);
  const asked = askedOf(c.req.valid("query"), deps.now(), projectId);
  const job = await deleteIssues(deps, actorOf(c), org, asked);
  return job ? c.json(toJob(whereOf(c, org.slug))(job), 202) : c.body(null, 204);
});

for (const route of [
  oneAt("/api/0/issues/{issue_id}/", IssuePath),
  oneAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  deleteRoutes.openapi(route, (c) => answerDeleted(c));
}

async function answerDeleted(c: Context<AppEnv>) {
  await deleteIssue(c.var.deps, actorOf(c), ...issueInPath(c));
  return c.body(null, deletedStatus(c.var.caller));
}
