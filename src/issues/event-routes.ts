import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { faults, json, openApi, page } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { unanswerable } from "../protocol/unanswerable";
import { names, PeriodQuery, periodOf } from "./asked";
import { eventFilterOf, neighbourFilterOf } from "./event-filter";
import { eventMarkdown } from "./event-markdown";
import { speakOfEvent, toEventRow, toRawEvent } from "./event-shapes";
import { exportEvents, exportedEventsMax } from "./export-events";
import {
  type EventPlace,
  type FoundEvent,
  findEvent,
  type ScopeInProject,
  scopeIn,
  scopeOfIssue,
  scopeOfProject,
} from "./find-event";
import { edgeOf, findEvents } from "./find-events";
import { whereaboutsOf } from "./issue-markdown";
import type { IssueRow } from "./queries";
import { readIssue, readIssueById } from "./read-issue";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { Event, EventDetail, EventRow, IssueEventDetail, RawEvent } from "./schemas";
import { queryCharsMax } from "./search/parse";

const readers = ["event:read", "event:write", "event:admin"] as const;
const EventPath = z.object({
  event_id: pathPart({
    description:
      "32 hex digits, with or without dashes; or of those asked for latest, oldest, or recommended, which tells most",
  }),
});

/** Which events are asked for: the same for a list and for one among its neighbours. */
const FilterOfEvents = z.object({
  query: z.string().max(queryCharsMax).optional().openapi({
    description:
      "Words, any tag:value, level, user, has:, error.type, stack.filename …, id:[a, b], each of the event itself; what is of the issue is 400",
  }),
  ...PeriodQuery.shape,
  environment: names,
});

const EventQuery = PageQuery.extend({
  ...FilterOfEvents.shape,
  full: z
    .enum(["true", "1", "false", "0"])
    .optional()
    .openapi({ description: "false: thin rows, for lists" }),
  sort: unanswerable("events come newest first", ["-timestamp"]),
  sample: unanswerable("events come newest first", ["0", "false"]),
});

const eventsAt = <P extends string, S extends z.ZodObject, D extends z.ZodType>(
  path: P,
  params: S,
  detail: D,
) => ({
  list: createRoute({
    method: "get",
    path: `${path}events/` as const,
    tags: ["Issues and events"],
    summary: "Events, newest first",
    request: { params, query: EventQuery },
    responses: {
      200: page(
        z.union([Event, EventRow]),
        "Newest first. A page is short where few of the events that were looked at are asked for: the next one goes on",
      ),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...readers),
  }),
  get: createRoute({
    method: "get",
    path: `${path}events/{event_id}/` as const,
    tags: ["Issues and events"],
    summary: "One event with its neighbours among those asked for",
    request: {
      params: params.extend(EventPath.shape),
      query: FilterOfEvents.extend({
        llmFormat: z
          .enum(["", "markdown"])
          .optional()
          .openapi({ description: "markdown: the event as text too, in `formatted`" }),
      }),
    },
    responses: {
      200: json(detail, "The event and its neighbours"),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...readers),
  }),
});

const exportAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path: `${path}events/csv/` as const,
    tags: ["Issues and events"],
    summary: "Events as a table (CSV), newest first",
    request: { params, query: FilterOfEvents },
    responses: {
      200: {
        description: `At most ${exportedEventsMax} events; the last line says where there are more. What a spreadsheet would take for a formula begins with a quote`,
        content: { "text/csv": { schema: z.string() } },
      },
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...readers),
  });

const jsonAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path: `${path}events/{event_id}/json/` as const,
    tags: ["Issues and events"],
    summary: "One event as it is stored",
    request: { params: params.extend(EventPath.shape) },
    responses: { 200: json(RawEvent, "The event"), ...faults(401, 403, 404) },
    ...allow(...readers),
  });

export const eventRoutes = openApi();

const ofIssue = eventsAt("/api/0/issues/{issue_id}/", IssuePath, IssueEventDetail);
const ofOrganization = eventsAt(
  "/api/0/organizations/{organization_slug}/issues/{issue_id}/",
  OrganizationIssuePath,
  IssueEventDetail,
);
const ofProject = eventsAt(
  "/api/0/projects/{organization_slug}/{project_slug}/",
  ProjectPath,
  EventDetail,
);

// Before those of one event, whose id may be anything.
for (const route of [
  exportAt("/api/0/issues/{issue_id}/", IssuePath),
  exportAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  eventRoutes.openapi(route, async (c) => {
    const { deps } = c.var;
    const filter = eventFilterOf(askedOf(c.req.valid("query"), deps.now()));
    const lines = await exportEvents(deps, await issueScope(c), filter);
    return c.body(lines, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="events.csv"',
    });
  });
}

for (const [route, scopeInPath] of [
  [ofIssue.list, issueScope],
  [ofOrganization.list, issueScope],
  [ofProject.list, projectScope],
] as const) {
  eventRoutes.openapi(route, async (c) => {
    const { deps } = c.var;
    const query = c.req.valid("query");
    const range = rangeOf(query, { value: "time", id: "uuid" });
    const filter = eventFilterOf(askedOf(query, deps.now()));
    const page = await findEvents(deps, await scopeInPath(c), filter, range);
    const isThin = query.full === "false" || query.full === "0";
    return answerPage(
      c,
      page,
      range,
      (read) => (isThin ? toEventRow(read) : speakOfEvent(c.var, read)),
      ({ row }) => edgeOf(row),
    );
  });
}

for (const route of [ofIssue.get, ofOrganization.get]) {
  eventRoutes.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const issue = await readIssue(c.var.deps, ...issueInPath(c));
    const found = await eventInPath(c, scopeIn(issue), query);
    const detail = { ...eventDetailOf(c, found), ...toPlace(found.place) };
    return c.json({ ...detail, ...(query.llmFormat && formatted(c, issue, found)) }, 200);
  });
}

eventRoutes.openapi(ofProject.get, async (c) => {
  const query = c.req.valid("query");
  const found = await eventInPath(c, await projectScope(c), query);
  if (!query.llmFormat) return c.json(eventDetailOf(c, found), 200);
  const { id } = orgOf(c.var.caller, c.req.param("organization_slug") ?? "");
  const issue = await readIssueById(c.var.deps, [id], Number(found.row.issueId));
  return c.json({ ...eventDetailOf(c, found), ...formatted(c, issue, found) }, 200);
});

async function eventInPath(
  c: Context<AppEnv>,
  within: ScopeInProject,
  query: z.output<typeof FilterOfEvents>,
): Promise<FoundEvent> {
  const { deps } = c.var;
  const filter = neighbourFilterOf(askedOf(query, deps.now()));
  return findEvent(deps, within, c.req.param("event_id") ?? "", filter);
}

/** As a model reads it. */
const formatted = (c: Context<AppEnv>, issue: IssueRow, found: FoundEvent) => ({
  formatted: {
    format: "markdown" as const,
    content: eventMarkdown(found.event, whereaboutsOf(issue, found, c.var.deps.config.publicUrl)),
  },
});

const askedOf = (query: z.output<typeof FilterOfEvents>, now: Date) => ({
  query: query.query,
  environments: query.environment,
  ...periodOf(query, now),
});

const toPlace = (place: EventPlace | null) => ({
  position: place?.position ?? null,
  total: place?.total ?? null,
  isTotalCapped: place?.isCapped ?? false,
});

for (const [route, scopeInPath] of [
  [jsonAt("/api/0/issues/{issue_id}/", IssuePath), issueScope],
  [
    jsonAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
    issueScope,
  ],
  [jsonAt("/api/0/projects/{organization_slug}/{project_slug}/", ProjectPath), projectScope],
] as const) {
  eventRoutes.openapi(route, async (c) => {
    const scope = await scopeInPath(c);
    const found = await findEvent(c.var.deps, scope, c.req.param("event_id") ?? "");
    return c.json(toRawEvent(found), 200);
  });
}

/** An event and its neighbours as the caller's dialect says it. */
export const eventDetailOf = (c: Context<AppEnv>, found: FoundEvent): EventDetail => ({
  ...speakOfEvent(c.var, found),
  userReport: null,
  nextEventID: found.newerId,
  previousEventID: found.olderId,
});

function issueScope(c: Context<AppEnv>): Promise<ScopeInProject> {
  return scopeOfIssue(c.var.deps, ...issueInPath(c));
}

async function projectScope(c: Context<AppEnv>): Promise<ScopeInProject> {
  const { deps, caller } = c.var;
  const { id } = orgOf(caller, c.req.param("organization_slug") ?? "");
  const { project } = await findProject(deps, caller, id, c.req.param("project_slug") ?? "");
  return scopeOfProject(project.id);
}
