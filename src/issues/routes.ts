import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { type CallerOrg, membershipsOf, orgIdsOf, orgOf } from "../access/reach";
import { body, faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { readActivity } from "./activity";
import { toActivity, toWatchers } from "./activity-shapes";
import { names } from "./asked";
import { changeIssue } from "./change-issues";
import { readIssueIn, readTagsIn, sampledEventsMax } from "./in-environments";
import { readWatchers } from "./marks";
import type { IssueRow } from "./queries";
import { readIssueTags } from "./read-issue";
import { IssueChanged, IssueDetail, IssueTag } from "./schemas";
import { hasActivity, speakOfIssue, toIssueDetail, toIssueTags } from "./shapes";
import { changeOf } from "./status-details";
import { IssueUpdate } from "./update-shapes";

const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;

const OrganizationPath = ProjectPath.pick({ organization_slug: true });
export const IssuePath = z.object({
  issue_id: pathPart({ example: "42", description: "Id, or short id in any case" }),
});
export const OrganizationIssuePath = OrganizationPath.extend(IssuePath.shape);

const environment = names.openapi({
  type: "array",
  items: { type: "string", maxLength: 200 },
  maxItems: 1000,
  description: "Numbers and moments of the issue are of these environments",
});
const tagsEnvironment = names.openapi({
  type: "array",
  items: { type: "string", maxLength: 200 },
  maxItems: 1000,
  description: `Of these environments, counted in the newest ${sampledEventsMax} of their events`,
});

const detailAt = <P extends string, S extends z.ZodObject>(path: P, params: S) => ({
  get: createRoute({
    method: "get",
    path,
    tags: ["Issues and events"],
    summary: "One issue",
    request: { params, query: z.object({ environment }) },
    responses: { 200: json(IssueDetail, "The issue"), ...faults(400, 401, 403, 404, 422) },
    ...allow(...readers),
  }),
  put: createRoute({
    method: "put",
    path,
    tags: ["Issues and events"],
    summary: "Change the status of an issue, or who has it",
    request: {
      params,
      body: body(IssueUpdate),
    },
    responses: {
      200: json(IssueChanged, "The issue as it is now"),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...writers),
  }),
  tags: createRoute({
    method: "get",
    path: `${path}tags/` as const,
    tags: ["Issues and events"],
    summary: "Tags of an issue with their most frequent values",
    request: {
      params,
      query: z.object({ key: names, environment: tagsEnvironment }),
    },
    responses: { 200: json(z.array(IssueTag), "By key"), ...faults(400, 401, 403, 404, 422) },
    ...allow(...readers),
  }),
});

export const issueRoutes = openApi();

for (const routes of [
  detailAt("/api/0/issues/{issue_id}/", IssuePath),
  detailAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  issueRoutes.openapi(routes.get, async (c) => {
    const { environment: names } = c.req.valid("query");
    const { deps, caller } = c.var;
    const issue = await readIssueIn(deps, ...issueInPath(c), names, membershipsOf(caller));
    const detail = issueDetailOf(c, issue);
    if (!hasActivity(caller)) return c.json(detail, 200);
    const issueId = Number(issue.id);
    const [activity, watchers] = await Promise.all([
      readActivity(deps, { issueId, firstSeenAt: issue.firstSeenAt }),
      readWatchers(deps, orgOf(caller, issue.orgSlug).id, issueId),
    ]);
    const people = toWatchers(watchers);
    return c.json({ ...detail, ...people, activity: activity.map(toActivity) }, 200);
  });
  issueRoutes.openapi(routes.put, async (c) => {
    const { deps, caller } = c.var;
    const change = changeOf(c.req.valid("json"), deps.now());
    const { issue, undoId } = await changeIssue(deps, ...issueInPath(c), change, caller);
    return c.json({ ...issueDetailOf(c, issue), undoId }, 200);
  });
  issueRoutes.openapi(routes.tags, async (c) => {
    const { key, environment: named } = c.req.valid("query");
    const rows =
      named.length > 0
        ? await readTagsIn(c.var.deps, ...issueInPath(c), key, named)
        : await readIssueTags(c.var.deps, ...issueInPath(c), key);
    return c.json(toIssueTags(rows), 200);
  });
}

export async function projectInPath(
  c: Context<AppEnv>,
): Promise<{ org: CallerOrg; projectId: number }> {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.param("organization_slug") ?? "");
  const { project } = await findProject(deps, caller, org.id, c.req.param("project_slug") ?? "");
  return { org, projectId: project.id };
}

/** Where the path looks for an issue, and what it calls it. */
export const issueInPath = (c: Context<AppEnv>): [orgIds: number[], idOrShortId: string] => [
  orgIdsOf(c.var.caller, c.req.param("organization_slug")),
  c.req.param("issue_id") ?? "",
];

/** An issue as the caller's dialect says it. */
export function issueDetailOf(c: Context<AppEnv>, row: IssueRow) {
  const { deps } = c.var;
  const context = { publicUrl: deps.config.publicUrl, now: deps.now() };
  return speakOfIssue(c.var, toIssueDetail(context)(row));
}
