import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { Fault } from "../fault";
import { allow, orgIdsOf, orgOf } from "../http/access";
import { notFound } from "../http/answers";
import { type AppEnv, body, faults, json, openApi, page } from "../http/app";
import { speak } from "../http/dialect";
import { answerPage, PageQuery, rangeOf, toPage } from "../http/pages";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { selectIssueOfEvent } from "./event-queries";
import {
  countIssues,
  type IssueFilter,
  selectIssue,
  selectIssues,
  selectIssueTags,
} from "./queries";
import { Issue, IssueDetail, IssueTag, IssueUpdate } from "./schemas";
import { parseMoment, parseSearch, parseSort, searchCharsMax } from "./search";
import { toIssue, toIssueDetail, toIssueTags } from "./shapes";
import { setStatus, setStatusOfAll } from "./update";

const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;
/** Counting further than a person reads costs more than the page itself, most of all when every row is asked for a tag. */
const hitsMax = 1000;
const filteredHitsMax = 50;
const dayMs = 86_400_000;

const OrganizationPath = ProjectPath.pick({ organization_slug: true });
export const IssuePath = z.object({ issue_id: z.string().openapi({ example: "42" }) });
export const OrganizationIssuePath = OrganizationPath.extend(IssuePath.shape);

const idsMax = 1000;
const nameCharsMax = 200;
const momentCharsMax = 64;
const name = z.string().max(nameCharsMax);
const several = z.union([name, z.array(name).max(idsMax)]).optional();
const numbers = several
  .transform((value) => (value === undefined ? [] : [value].flat()))
  .refine((values) => values.every((value) => /^-?\d{1,15}$/.test(value)), "must be whole numbers")
  .transform((values) => values.map(Number))
  .openapi({
    type: "array",
    items: { type: "integer", maximum: 999_999_999_999_999 },
    maxItems: idsMax,
  });

const IssueQuery = PageQuery.extend({
  query: z.string().max(searchCharsMax).optional().openapi({
    description: 'Words, is:unresolved, has:tag, level:error, any tag:"value", ! to negate',
  }),
  sort: z.string().max(momentCharsMax).optional().openapi({
    description:
      "last_seen, first_seen, count, priority (- for descending), or date, new, freq, user",
  }),
  id: numbers,
  project: numbers,
  environment: several
    .transform((value) => (value === undefined ? [] : [value].flat()))
    .openapi({
      type: "array",
      items: { type: "string", maxLength: nameCharsMax },
      maxItems: idsMax,
    }),
  start: z.string().max(momentCharsMax).optional().openapi({ description: "ISO 8601 or now-7d" }),
  end: z.string().max(momentCharsMax).optional(),
});
type IssueQuery = z.output<typeof IssueQuery>;

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues/",
  summary: "Issues of an organization",
  request: { params: OrganizationPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  summary: "Issues of a project",
  request: { params: ProjectPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const updateOfOrganization = createRoute({
  method: "put",
  path: "/api/0/organizations/{organization_slug}/issues/",
  summary: "Change all issues that the filter finds",
  request: {
    params: OrganizationPath,
    query: IssueQuery,
    body: body(IssueUpdate),
  },
  responses: { 200: json(IssueUpdate, "What was set"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const updateOfProject = createRoute({
  method: "put",
  path: "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  summary: "Change all issues of a project that the filter finds",
  request: {
    params: ProjectPath,
    query: IssueQuery,
    body: body(IssueUpdate),
  },
  responses: { 200: json(IssueUpdate, "What was set"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const detailAt = <P extends string, S extends z.ZodObject>(path: P, params: S) => ({
  get: createRoute({
    method: "get",
    path,
    summary: "One issue",
    request: { params },
    responses: { 200: json(IssueDetail, "The issue"), ...faults(401, 403, 404) },
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
    request: { params, query: z.object({ key: name.optional() }) },
    responses: { 200: json(z.array(IssueTag), "By key"), ...faults(401, 403, 404) },
    ...allow(...readers),
  }),
});

export const issueRoutes = openApi();

issueRoutes.openapi(listOfOrganization, async (c) => {
  const { id } = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const query = c.req.valid("query");
  return answerIssues(c, id, query, query.project);
});

issueRoutes.openapi(listOfProject, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  return answerIssues(c, id, c.req.valid("query"), [project.id]);
});

issueRoutes.openapi(updateOfOrganization, async (c) => {
  const { id } = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  const query = c.req.valid("query");
  const update = c.req.valid("json");
  if (update.status)
    await setStatusOfAll(c.var.deps, id, filterOf(c, query, query.project), update.status);
  return c.json(update, 200);
});

issueRoutes.openapi(updateOfProject, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const update = c.req.valid("json");
  const filter = filterOf(c, c.req.valid("query"), [project.id]);
  if (update.status) await setStatusOfAll(deps, id, filter, update.status);
  return c.json(update, 200);
});

for (const routes of [
  detailAt("/api/0/issues/{issue_id}/", IssuePath),
  detailAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  issueRoutes.openapi(routes.get, async (c) => c.json(await readDetail(c), 200));
  issueRoutes.openapi(routes.put, async (c) => {
    const { status } = c.req.valid("json");
    if (status) await setStatus(c.var.deps, orgIdsInPath(c), [issueIdInPath(c)], status);
    return c.json(await readDetail(c), 200);
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

async function answerIssues(
  c: Context<AppEnv>,
  orgId: number,
  query: IssueQuery,
  projectIds: number[],
) {
  const { deps } = c.var;
  const now = deps.now();
  const sort = parseSort(query.sort);
  if (!sort) throw new Fault("unprocessable", "Unknown sort");
  const isByTime = sort.by === "last_seen" || sort.by === "first_seen";
  const range = rangeOf(query, { value: isByTime ? "time" : "number", id: "number" });
  const filter = filterOf(c, query, projectIds);
  const { eventId } = filter.search;
  if (eventId) {
    const { rows } = await selectIssueOfEvent(deps.db, orgId, eventId);
    filter.issueIds = [Number(rows[0]?.issueId ?? -1)];
    c.header("X-Sentry-Direct-Hit", rows.length > 0 ? "1" : "0");
  }
  const { tags, has, texts } = filter.search;
  const isFiltered = tags.length + has.length + texts.length + filter.environments.length > 0;
  const countedMax = isFiltered ? Math.max(filteredHitsMax, range.limit) : hitsMax;
  const page = selectIssues(
    deps.db,
    orgId,
    filter,
    sort,
    range,
    new Date(+now - dayMs),
    countedMax,
  );
  // A first page counts as it goes; behind a cursor the way begins anew.
  const [found, counted] = range.cursor
    ? await deps.db.batch([page, countIssues(deps.db, orgId, filter, sort, countedMax)])
    : [await page, undefined];
  const hits = Math.min(counted?.rows[0]?.hits ?? found.rows[0]?.hits ?? 0, countedMax);
  const context = {
    publicUrl: deps.config.publicUrl,
    now,
    ...(eventId && { matchingEventId: eventId }),
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

function filterOf(c: Context<AppEnv>, query: IssueQuery, projectIds: number[]): IssueFilter {
  const momentOf = (text: string | undefined) => {
    if (!text) return undefined;
    const moment = parseMoment(text, c.var.deps.now());
    if (!moment) throw new Fault("unprocessable", "start and end are ISO 8601 or now-7d");
    return moment;
  };
  const from = momentOf(query.start);
  const to = momentOf(query.end);
  return {
    search: parseSearch(query.query),
    issueIds: query.id,
    // -1 is Sentry's word for all projects.
    projectIds: projectIds.filter((id) => id > 0),
    environments: query.environment,
    goneProjectIds: orgOf(c.var.caller, c.req.param("organization_slug") ?? "").goneProjectIds,
    ...(from && { from }),
    ...(to && { to }),
  };
}

/** Organizations in which the path looks: the one it names, or all of the caller's. */
function orgIdsInPath(c: Context<AppEnv>): number[] {
  const slug = c.req.param("organization_slug");
  return slug === undefined ? orgIdsOf(c.var.caller) : [orgOf(c.var.caller, slug).id];
}

function issueIdInPath(c: Context<AppEnv>): number {
  const id = c.req.param("issue_id") ?? "";
  if (!/^\d{1,15}$/.test(id)) throw notFound();
  return Number(id);
}

/** The issue of the path, if it is the caller's. Faults: not_found. */
export async function readRow(c: Context<AppEnv>) {
  const { deps } = c.var;
  const since = new Date(+deps.now() - dayMs);
  const { rows } = await selectIssue(deps.db, orgIdsInPath(c), issueIdInPath(c), since);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

async function readDetail(c: Context<AppEnv>) {
  const { deps } = c.var;
  const context = { publicUrl: deps.config.publicUrl, now: deps.now() };
  const row = await readRow(c);
  const say = speak(c);
  return say.issue(toIssueDetail(context)(row), await say.unhandledOf([row]));
}
