import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { type CallerOrg, orgIdsOf, orgOf } from "../access/reach";
import { Fault } from "../fault";
import { notFound } from "../http/answers";
import { type AppEnv, body, faults, json, openApi, page } from "../http/app";
import { speak } from "../http/dialect";
import { answerPage, PageQuery, rangeOf, toPage } from "../http/pages";
import type { Db } from "../platform/database";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { unanswerable } from "../protocol/unanswerable";
import { askedOf, ChangeQuery, FilterQuery, names } from "./asked";
import { resolveFilter } from "./filter";
import { looksElsewhere, selectIssuesByShortId } from "./filter-queries";
import { countIssues, type IssueRow, selectIssue, selectIssues, selectIssueTags } from "./queries";
import { Issue, IssueDetail, IssueTag, IssueUpdate } from "./schemas";
import { parseSort } from "./search";
import { toIssue, toIssueDetail, toIssueTags } from "./shapes";
import { parseShortId } from "./short-id";
import { setStatus, setStatusOfAll } from "./update";

const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;
/** Counting further than a person reads costs more than the page itself, most of all when every row is asked for a tag. */
const hitsMax = 1000;
const filteredHitsMax = 50;
const dayMs = 86_400_000;

const OrganizationPath = ProjectPath.pick({ organization_slug: true });
export const IssuePath = z.object({
  issue_id: pathPart({ example: "42", description: "Id, or short id in any case" }),
});
export const OrganizationIssuePath = OrganizationPath.extend(IssuePath.shape);

const IssueQuery = PageQuery.extend(FilterQuery.shape);
type IssueQuery = z.output<typeof IssueQuery>;

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues/",
  summary: "Issues of an organization",
  request: { params: OrganizationPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...readers),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  summary: "Issues of a project",
  request: { params: ProjectPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...readers),
});

const updateOfOrganization = createRoute({
  method: "put",
  path: "/api/0/organizations/{organization_slug}/issues/",
  summary: "Change all issues that the filter finds",
  request: {
    params: OrganizationPath,
    query: ChangeQuery,
    body: body(IssueUpdate),
  },
  responses: { 200: json(IssueUpdate, "What was set"), ...faults(400, 401, 403, 404, 422, 503) },
  ...allow(...writers),
});

const updateOfProject = createRoute({
  method: "put",
  path: "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  summary: "Change all issues of a project that the filter finds",
  request: {
    params: ProjectPath,
    query: ChangeQuery,
    body: body(IssueUpdate),
  },
  responses: { 200: json(IssueUpdate, "What was set"), ...faults(400, 401, 403, 404, 422, 503) },
  ...allow(...writers),
});

const notByEnvironment = "an issue is counted over all environments together";

const detailAt = <P extends string, S extends z.ZodObject>(path: P, params: S) => ({
  get: createRoute({
    method: "get",
    path,
    summary: "One issue",
    request: { params, query: z.object({ environment: unanswerable(notByEnvironment) }) },
    responses: { 200: json(IssueDetail, "The issue"), ...faults(401, 403, 404, 422) },
    ...allow(...readers),
  }),
  put: createRoute({
    method: "put",
    path,
    summary: "Change the status of an issue",
    request: {
      params,
      body: body(IssueUpdate),
    },
    responses: {
      200: json(IssueDetail, "The issue as it is now"),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...writers),
  }),
  tags: createRoute({
    method: "get",
    path: `${path}tags/` as const,
    summary: "Tags of an issue with their most frequent values",
    request: {
      params,
      query: z.object({ key: names, environment: unanswerable(notByEnvironment) }),
    },
    responses: { 200: json(z.array(IssueTag), "By key"), ...faults(401, 403, 404, 422) },
    ...allow(...readers),
  }),
});

export const issueRoutes = openApi();

issueRoutes.openapi(listOfOrganization, async (c) =>
  answerIssues(
    c,
    orgOf(c.var.caller, c.req.valid("param").organization_slug),
    c.req.valid("query"),
  ),
);

issueRoutes.openapi(listOfProject, async (c) => {
  const { org, projectId } = await placeInPath(c);
  return answerIssues(c, org, c.req.valid("query"), projectId);
});

issueRoutes.openapi(updateOfOrganization, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const update = c.req.valid("json");
  const filter = await filterOf(c, org, c.req.valid("query"));
  await setStatusOfAll(c.var.deps, org.id, filter, update.status);
  return c.json(update, 200);
});

issueRoutes.openapi(updateOfProject, async (c) => {
  const { org, projectId } = await placeInPath(c);
  const update = c.req.valid("json");
  const filter = await filterOf(c, org, c.req.valid("query"), projectId);
  // Without any filter the project itself is named, as by `sentry-cli issues resolve --all`. An empty one names nothing.
  const isWhole = new URL(c.req.url).search === "";
  await setStatusOfAll(
    c.var.deps,
    org.id,
    isWhole ? { ...filter, isBroad: false } : filter,
    update.status,
  );
  return c.json(update, 200);
});

for (const routes of [
  detailAt("/api/0/issues/{issue_id}/", IssuePath),
  detailAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  issueRoutes.openapi(routes.get, async (c) =>
    c.json(await issueDetailOf(c, await readRow(c)), 200),
  );
  issueRoutes.openapi(routes.put, async (c) => {
    const { status } = c.req.valid("json");
    const [orgIds, issueId] = [orgIdsInPath(c), await issueIdInPath(c)];
    if (status) await setStatus(c.var.deps, orgIds, [issueId], status);
    return c.json(await issueDetailOf(c, await readIssue(c, orgIds, issueId)), 200);
  });
  issueRoutes.openapi(routes.tags, async (c) => {
    const issue = await readRow(c);
    const { rows } = await selectIssueTags(
      c.var.deps.db,
      Number(issue.id),
      c.req.valid("query").key,
    );
    return c.json(toIssueTags(rows), 200);
  });
}

async function placeInPath(c: Context<AppEnv>): Promise<{ org: CallerOrg; projectId: number }> {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.param("organization_slug") ?? "");
  const { project } = await findProject(deps, caller, org.id, c.req.param("project_slug") ?? "");
  return { org, projectId: project.id };
}

async function answerIssues(
  c: Context<AppEnv>,
  org: CallerOrg,
  query: IssueQuery,
  projectId?: number,
) {
  const { deps } = c.var;
  const now = deps.now();
  const sort = parseSort(query.sort);
  if (!sort) throw new Fault("unprocessable", "Unknown sort");
  const isByTime = sort.by === "last_seen" || sort.by === "first_seen";
  const range = rangeOf(query, { value: isByTime ? "time" : "number", id: "number" });
  const filter = await filterOf(c, org, query, projectId);
  const { lookup } = filter;
  if (lookup) c.header("X-Sentry-Direct-Hit", lookup.found ? "1" : "0");
  const isFiltered = looksElsewhere(filter);
  const countedMax = isFiltered ? Math.max(filteredHitsMax, range.limit) : hitsMax;
  const page = selectIssues(
    deps.db,
    org.id,
    filter,
    sort,
    range,
    new Date(+now - dayMs),
    countedMax,
  );
  // A first page counts as it goes; behind a cursor the way begins anew.
  const [found, counted] = range.cursor
    ? await deps.db.batch([page, countIssues(deps.db, org.id, filter, sort, countedMax)])
    : [await page, undefined];
  const hits = Math.min(counted?.rows[0]?.hits ?? found.rows[0]?.hits ?? 0, countedMax);
  const context = {
    publicUrl: deps.config.publicUrl,
    now,
    ...(lookup?.eventId && { matchingEventId: lookup.eventId }),
  };
  const say = speak(c);
  const shown = toPage(found.rows, range);
  const unhandled = await say.unhandledOf(shown.rows);
  return answerPage(
    c,
    shown,
    range,
    (row) => say.issue(toIssue(context)(row), unhandled),
    (row) => ({ value: row.sortValue, id: row.id }),
    { hits, max: countedMax },
  );
}

const filterOf = (
  { var: { deps } }: Context<AppEnv>,
  org: CallerOrg,
  query: FilterQuery,
  projectId?: number,
) => resolveFilter(deps, org, askedOf(query, deps.now(), projectId));

/** An issue as the caller's dialect says it. */
export async function issueDetailOf(c: Context<AppEnv>, row: IssueRow) {
  const { deps } = c.var;
  const context = { publicUrl: deps.config.publicUrl, now: deps.now() };
  const say = speak(c);
  return say.issue(toIssueDetail(context)(row), await say.unhandledOf([row]));
}

/** Organizations in which the path looks: the one it names, or all of the caller's. */
function orgIdsInPath(c: Context<AppEnv>): number[] {
  const slug = c.req.param("organization_slug");
  return slug === undefined ? orgIdsOf(c.var.caller) : [orgOf(c.var.caller, slug).id];
}

/** Id of the issue that the path names. Faults: not_found. */
const issueIdInPath = (c: Context<AppEnv>): Promise<number> =>
  issueIdOf(c.var.deps.db, orgIdsInPath(c), c.req.param("issue_id") ?? "");

/** An id as it is; a short id that several projects could mean is none. Faults: not_found. */
export async function issueIdOf(db: Db, orgIds: number[], text: string): Promise<number> {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const shortId = parseShortId(text);
  if (!shortId) throw notFound();
  const { rows } = await selectIssuesByShortId(db, orgIds, [shortId]);
  const [row] = rows;
  if (!row || rows.length > 1) throw notFound();
  return Number(row.issueId);
}

/** The issue of the path, if it is the caller's. Faults: not_found. */
export async function readRow(c: Context<AppEnv>) {
  return readIssue(c, orgIdsInPath(c), await issueIdInPath(c));
}

/** An issue of some organizations. Faults: not_found. */
export async function readIssue(c: Context<AppEnv>, orgIds: number[], issueId: number) {
  const { deps } = c.var;
  const since = new Date(+deps.now() - dayMs);
  const { rows } = await selectIssue(deps.db, orgIds, issueId, since);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}
