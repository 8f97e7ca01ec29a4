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
import { PeriodQuery, periodOf } from "./asked";
import { eventIdsIn, onPayloadOnly } from "./event-search";
import { speakOfEvent, toRawEvent } from "./event-shapes";
import {
  type FoundEvent,
  findEvent,
  findEvents,
  type ScopeInProject,
  scopeOfIssue,
  scopeOfProject,
} from "./find-event";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { Event, EventDetail, RawEvent } from "./schemas";
import { searchCharsMax } from "./search";

const readers = ["event:read", "event:write", "event:admin"] as const;
const EventPath = z.object({
  event_id: pathPart({ description: "32 hex digits, with or without dashes, or latest" }),
});

const EventQuery = PageQuery.extend({
  query: z
    .string()
    .max(searchCharsMax)
    .optional()
    .openapi({ description: "An event id, or id:[a, b]; anything else is 400" }),
  ...PeriodQuery.shape,
  environment: unanswerable(onPayloadOnly),
  sort: unanswerable("events come newest first", ["-timestamp"]),
  sample: unanswerable("events come newest first", ["0", "false"]),
});

const eventsAt = <P extends string, S extends z.ZodObject>(path: P, params: S) => ({
  list: createRoute({
    method: "get",
    path: `${path}events/` as const,
    tags: ["Issues and events"],
    summary: "Events, newest first",
    request: { params, query: EventQuery },
    responses: { 200: page(Event, "Newest first"), ...faults(400, 401, 403, 404, 422) },
    ...allow(...readers),
  }),
  get: createRoute({
    method: "get",
    path: `${path}events/{event_id}/` as const,
    tags: ["Issues and events"],
    summary: "One event, or the latest",
    request: {
      params: params.extend(EventPath.shape),
      query: z.object({ environment: unanswerable(onPayloadOnly) }),
    },
    responses: {
      200: json(EventDetail, "The event and its neighbours"),
      ...faults(401, 403, 404, 422),
    },
    ...allow(...readers),
  }),
});

const getJson = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues/{issue_id}/events/{event_id}/json/",
  tags: ["Issues and events"],
  summary: "One event as it is stored",
  request: { params: OrganizationIssuePath.extend(EventPath.shape) },
  responses: { 200: json(RawEvent, "The event"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

export const eventRoutes = openApi();

for (const [routes, scopeInPath] of [
  [eventsAt("/api/0/issues/{issue_id}/", IssuePath), issueScope],
  [
    eventsAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
    issueScope,
  ],
  [eventsAt("/api/0/projects/{organization_slug}/{project_slug}/", ProjectPath), projectScope],
] as const) {
  eventRoutes.openapi(routes.list, async (c) => {
    const { deps } = c.var;
    const query = c.req.valid("query");
    const range = rangeOf(query, { value: "time", id: "uuid" });
    const filter = { ...periodOf(query, deps.now()), ...eventIdsIn(query.query) };
    const page = await findEvents(deps, await scopeInPath(c), filter, range);
    return answerPage(
      c,
      page,
      range,
      (read) => speakOfEvent(c.var, read),
      ({ row }) => ({
        value: row.receivedAt,
        id: row.eventId,
      }),
    );
  });
  eventRoutes.openapi(routes.get, async (c) => {
    const scope = await scopeInPath(c);
    const found = await findEvent(c.var.deps, scope, c.req.param("event_id") ?? "");
    return c.json(eventDetailOf(c, found), 200);
  });
}

eventRoutes.openapi(getJson, async (c) => {
  const scope = await issueScope(c);
  const found = await findEvent(c.var.deps, scope, c.req.valid("param").event_id);
  return c.json(toRawEvent(found), 200);
});

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
