import { createRoute } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { notFound } from "../http/answers";
import { faults, json, openApi } from "../http/app";
import { ProjectPath } from "../projects/schemas";
import { normalizeEventId } from "../protocol/event-id";
import { pathPart } from "../protocol/path-part";
import { eventDetailOf } from "./event-routes";
import { selectIssuesOfEvents } from "./filter-queries";
import { findEvent } from "./find-event";
import { issueDetailOf, issueIdOf, readIssue } from "./routes";
import { EventIdLookup, ShortIdLookup } from "./schemas";

const readers = ["event:read", "event:write", "event:admin"] as const;
const OrganizationPath = ProjectPath.pick({ organization_slug: true });

const getByShortId = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/shortids/{short_id}/",
  summary: "The issue of a short id",
  request: {
    params: OrganizationPath.extend({
      short_id: pathPart({ example: "SHOP-1A", description: "In any case" }),
    }),
  },
  responses: { 200: json(ShortIdLookup, "Where it leads"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const getByEventId = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/eventids/{event_id}/",
  summary: "The event of an id and its issue, in whichever project",
  request: {
    params: OrganizationPath.extend({
      event_id: pathPart({ description: "32 hex digits, with or without dashes" }),
    }),
  },
  responses: { 200: json(EventIdLookup, "Where it leads"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

export const lookupRoutes = openApi();

lookupRoutes.openapi(getByShortId, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, short_id } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  // An id is no short id, though the doors of an issue take both.
  if (/^\d+$/.test(short_id)) throw notFound();
  const row = await readIssue(c, [id], await issueIdOf(deps.db, [id], short_id));
  const group = await issueDetailOf(c, row);
  return c.json(
    {
      organizationSlug: row.orgSlug,
      projectSlug: row.projectSlug,
      groupId: row.id,
      group,
      shortId: group.shortId,
    },
    200,
  );
});

lookupRoutes.openapi(getByEventId, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, event_id } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const eventId = normalizeEventId(event_id);
  const found = eventId ? (await selectIssuesOfEvents(deps.db, id, [eventId])).rows[0] : undefined;
  if (!eventId || !found) throw notFound();
  const projectId = Number(found.projectId);
  const issue = await readIssue(c, [id], Number(found.issueId));
  const event = eventDetailOf(c, await findEvent(deps, { projectId }, projectId, eventId));
  return c.json(
    {
      organizationSlug: issue.orgSlug,
      projectSlug: issue.projectSlug,
      groupId: issue.id,
      eventId,
      event,
    },
    200,
  );
});
