import { createRoute, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { type CallerOrg, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, empty, faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { ProjectPath } from "../projects/schemas";
import { askedOf, ChangeQuery } from "./asked";
import { type Changed, changeIssues } from "./change-issues";
import { whereOf } from "./job-routes";
import { toMarked } from "./marks";
import { isMerge, mergeIssues } from "./merge";
import { IssueMerge, toJob, toMerge } from "./merge-shapes";
import { projectInPath } from "./routes";
import { IssuesChanged } from "./schemas";
import { saysNothing, toAssignee } from "./shapes";
import { changeOf } from "./status-details";
import { toStatusDetailsSet } from "./status-shapes";
import { IssuesUpdate } from "./update-shapes";

const AllChanged = IssuesChanged.extend(IssueMerge).openapi("IssuesChanged");

const changeAt = <P extends string, S extends z.ZodObject>(path: P, params: S, summary: string) =>
  createRoute({
    method: "put",
    path,
    tags: ["Issues and events"],
    summary,
    request: { params, query: ChangeQuery, body: body(IssuesUpdate) },
    responses: {
      200: json(AllChanged, "What was set"),
      202: json(AllChanged, "More than 1000 issues: a job sets it, and may be done already"),
      204: empty("The filter finds no issue; said so to Sentry's clients alone"),
      ...faults(400, 401, 403, 404, 409, 422, 503),
    },
    ...allow("event:write", "event:admin"),
  });

const ofOrganization = changeAt(
  "/api/0/organizations/{organization_slug}/issues/",
  OrganizationPath,
  "Change all issues that the filter finds",
);
const ofProject = changeAt(
  "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  ProjectPath,
  "Change all issues of a project that the filter finds",
);

type Query = z.output<typeof ChangeQuery>;
type Update = z.output<typeof IssuesUpdate>;
type Of = { org: CallerOrg; projectId?: number; isWholeProject?: boolean };

export const changeRoutes = openApi();

changeRoutes.openapi(ofOrganization, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const [answer, status] = await changed(c, { org }, c.req.valid("query"), c.req.valid("json"));
  return answer ? c.json(answer, status) : c.body(null, 204);
});

changeRoutes.openapi(ofProject, async (c) => {
  // Without any filter the project itself is named, as by `sentry-cli issues resolve --all`. An empty one names nothing.
  const isWholeProject = new URL(c.req.url).search === "";
  const of = { ...(await projectInPath(c)), isWholeProject };
  const [answer, status] = await changed(c, of, c.req.valid("query"), c.req.valid("json"));
  return answer ? c.json(answer, status) : c.body(null, 204);
});

async function changed(
  c: Context<AppEnv>,
  { org, projectId, isWholeProject }: Of,
  query: Query,
  update: Update,
): Promise<[answer: z.output<typeof AllChanged> | undefined, status: 200 | 202]> {
  const { deps, caller } = c.var;
  const where = whereOf(c, org.slug);
  if (isMerge(update)) {
    const asked = { issueIds: query.id, into: update.mergeInto ?? undefined, projectId };
    const merged = await mergeIssues(deps, org, asked, caller.user?.id ?? null);
    return [toMerge(where, merged), 200];
  }
  const asked = { ...askedOf(query, deps.now(), projectId), isWholeProject };
  const change = changeOf(update, deps.now());
  const { job, ...done } = await changeIssues(deps, org, asked, change, caller);
  if (done.isNone && saysNothing(caller)) return [undefined, 200];
  const answer = changedAs(update, done);
  return job ? [{ ...answer, job: toJob(where)(job) }, 202] : [answer, 200];
}

/** What was set: what ends a status and to whom the issues were given are said in full. */
function changedAs(
  { substatus, ...update }: Update,
  { assignee, cells, changed, undoId }: Changed,
) {
  const details = cells && toStatusDetailsSet(cells);
  return {
    ...toMarked(update),
    ...(update.isPublic !== undefined && { isPublic: update.isPublic }),
    ...(cells && !cells.isReview && { status: cells.status }),
    ...(details && Object.keys(details).length > 0 && { statusDetails: details }),
    ...(substatus !== undefined && { substatus }),
    ...(assignee !== undefined && { assignedTo: assignee && toAssignee(assignee) }),
    ...(update.priority !== undefined && { priority: update.priority }),
    changed,
    undoId,
  };
}
