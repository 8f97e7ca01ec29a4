import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import type { Caller } from "../access/caller";
import { type CallerOrg, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { faults, openApi, page } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { ProjectPath } from "../projects/schemas";
import { askedOf, FilterQuery, names, sortOf } from "./asked";
import { findIssues } from "./find-issues";
import { projectInPath } from "./routes";
import { Issue } from "./schemas";
import { absentQuery, daysShown, speakOfIssue, toIssue } from "./shapes";
import { withView } from "./views/with-view";

const readers = ["event:read", "event:write", "event:admin"] as const;

const IssueQuery = PageQuery.extend({
  ...FilterQuery.shape,
  viewId: z
    .string()
    .regex(/^\d{0,15}$/, "is no id")
    .optional()
    .transform((id) => id || undefined)
    .openapi({
      type: "string",
      maxLength: 15,
      description: "Without a query: search, order and filters of this view, where none are given",
    }),
  groupStatsPeriod: z
    .string()
    .max(20)
    .optional()
    .openapi({ description: "14d: stats of two weeks too, by day; anything else: of 24 hours" }),
  collapse: names.openapi({
    type: "array",
    items: { type: "string", maxLength: 200 },
    maxItems: 1000,
    description:
      "stats: numbers are of the whole issue, which is quicker; lifetime, filtered: without these; others change nothing",
  }),
});
type IssueQuery = z.output<typeof IssueQuery>;

const listOfOrganization = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues/",
  tags: ["Issues and events"],
  summary: "Issues of an organization",
  request: { params: OrganizationPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...readers),
});

const listOfProject = createRoute({
  method: "get",
  path: "/api/0/projects/{organization_slug}/{project_slug}/issues/",
  tags: ["Issues and events"],
  summary: "Issues of a project",
  request: { params: ProjectPath, query: IssueQuery },
  responses: { 200: page(Issue, "Newest first unless sorted"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...readers),
});

export const listRoutes = openApi();

listRoutes.openapi(listOfOrganization, async (c) => {
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  return answerIssues(c, org, c.req.valid("query"));
});

listRoutes.openapi(listOfProject, async (c) => {
  const { org, projectId } = await projectInPath(c);
  return answerIssues(c, org, c.req.valid("query"), projectId);
});

/** Of a search; in a header there is not room for everything. */
const notesMax = 10;

async function answerIssues(
  c: Context<AppEnv>,
  org: CallerOrg,
  given: IssueQuery,
  projectId?: number,
) {
  const { deps } = c.var;
  const query = inDialect(c.var.caller, await withView(deps, org, given));
  const now = deps.now();
  const sort = sortOf(query.sort);
  const isByTime = sort.by === "last_seen" || sort.by === "first_seen";
  const range = rangeOf(query, { value: isByTime ? "time" : "number", id: "number" });
  const hasWeeks = query.groupStatsPeriod === "14d";
  const days = hasWeeks ? daysShown : 1;
  const asked = { ...askedOf(query, now, projectId), isLenient: true };
  const countsInside = !query.collapse.includes("stats");
  const found = await findIssues(deps, org, asked, sort, range, { days, countsInside });
  const { lookup, notes, inside } = found;
  if (notes.length > 0) c.header("X-Query-Notes", notes.slice(0, notesMax).join("; "));
  if (lookup) c.header("X-Sentry-Direct-Hit", lookup.found ? "1" : "0");
  const context = {
    publicUrl: deps.config.publicUrl,
    now,
    hasWeeks,
    ...(lookup?.eventId && { matchingEventId: lookup.eventId }),
  };
  return answerPage(
    c,
    found.page,
    range,
    (row) => {
      const numbers = inside?.get(row.id);
      return collapsed(
        speakOfIssue(c.var, toIssue({ ...context, ...(numbers && { inside: numbers }) })(row)),
        query.collapse,
      );
    },
    (row) => ({ value: row.sortValue, id: row.id }),
    found.hits,
  );
}

/** Sentry's clients that give no query mean what is still open; GlitchTip's mean everything. */
const inDialect = (caller: Caller, query: IssueQuery): IssueQuery =>
  query.query === undefined && !query.status && query.id.length === 0
    ? { ...query, query: absentQuery(caller) }
    : query;

/** Without those of the fields that somebody does not want. */
function collapsed(issue: Issue, unwanted: string[]): Issue {
  const { lifetime, filtered, ...others } = issue;
  return {
    ...others,
    ...(lifetime !== undefined && !unwanted.includes("lifetime") && { lifetime }),
    ...(filtered !== undefined && !unwanted.includes("filtered") && { filtered }),
  };
}
