import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import type { Deps } from "../deps";
import { type AppEnv, faults, json, openApi, page } from "../http/app";
import { speak } from "../http/dialect";
import { answerPage, type Page, PageQuery, rangeOf, toPage } from "../http/pages";
import { findProject } from "../projects/find";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { unanswerable } from "../protocol/unanswerable";
import { PeriodQuery, periodOf } from "./asked";
import { type EventRow, type EventScope, selectEvents } from "./event-queries";
import { eventIdsIn, onPayloadOnly } from "./event-search";
import { toRawEvent } from "./event-shapes";
import { type FoundEvent, findEvent } from "./find-event";
import { type ReadEvent, readEvents } from "./read-events";
import { IssuePath, OrganizationIssuePath, readRow } from "./routes";
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
    summary: "Events, newest first",
    request: { params, query: EventQuery },
    responses: { 200: page(Event, "Newest first"), ...faults(400, 401, 403, 404, 422) },
    ...allow(...readers),
  }),
  get: createRoute({
    method: "get",
    path: `${path}events/{event_id}/` as const,
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
  summary: "One event as it is stored",
  request: { params: OrganizationIssuePath.extend(EventPath.shape) },
  responses: { 200: json(RawEvent, "The event"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

export const eventRoutes = openApi();

for (const [routes, scopeOf] of [
  [eventsAt("/api/0/issues/{issue_id}/", IssuePath), scopeOfIssue],
  [
    eventsAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
    scopeOfIssue,
  ],
  [eventsAt("/api/0/projects/{organization_slug}/{project_slug}/", ProjectPath), scopeOfProject],
] as const) {
  eventRoutes.openapi(routes.list, async (c) => {
    const { deps } = c.var;
    const query = c.req.valid("query");
    const range = rangeOf(query, { value: "time", id: "uuid" });
    const filter = { ...periodOf(query, deps.now()), ...eventIdsIn(query.query) };
    const { scope, projectId } = await scopeOf(c);
    const found = await selectEvents(deps.db, scope, projectId, range, filter);
    const { rows, hasMore } = toPage(found.rows, range);
    const page = await readPage(deps, { rows, hasMore }, range.cursor?.backward ?? false);
    return answerPage(c, page, range, speak(c).event, ({ row }) => ({
      value: row.receivedAt,
      id: row.eventId,
    }));
  });
  eventRoutes.openapi(routes.get, async (c) => {
    const { scope, projectId } = await scopeOf(c);
    return c.json(
      eventDetailOf(
        c,
        await findEvent(c.var.deps, scope, projectId, c.req.param("event_id") ?? ""),
      ),
      200,
    );
  });
}

eventRoutes.openapi(getJson, async (c) => {
  const { scope, projectId } = await scopeOfIssue(c);
  const found = await findEvent(c.var.deps, scope, projectId, c.req.valid("param").event_id);
  return c.json(toRawEvent(found), 200);
});

/** A page shortened at its far end, seen from where the reader comes, when its payloads are large. */
async function readPage(
  deps: Deps,
  { rows, hasMore }: Page<EventRow>,
  backward: boolean,
): Promise<Page<ReadEvent>> {
  const read = await readEvents(deps, backward ? rows.toReversed() : rows);
  return {
    rows: backward ? read.toReversed() : read,
    hasMore: hasMore || read.length < rows.length,
  };
}

/** An event and its neighbours as the caller's dialect says it. */
export const eventDetailOf = (c: Context<AppEnv>, found: FoundEvent): EventDetail => ({
  ...speak(c).event(found),
  userReport: null,
  nextEventID: found.newerId,
  previousEventID: found.olderId,
});

async function scopeOfIssue(c: Context<AppEnv>): Promise<{ scope: EventScope; projectId: number }> {
  const issue = await readRow(c);
  return { scope: { issueId: Number(issue.id) }, projectId: Number(issue.projectId) };
}

async function scopeOfProject(
  c: Context<AppEnv>,
): Promise<{ scope: EventScope; projectId: number }> {
  const { deps, caller } = c.var;
  const { id } = orgOf(caller, c.req.param("organization_slug") ?? "");
  const { project } = await findProject(deps, caller, id, c.req.param("project_slug") ?? "");
  return { scope: { projectId: project.id }, projectId: project.id };
}
