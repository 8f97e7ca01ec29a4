import { createRoute } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { membershipsOf, orgOf } from "../access/reach";
import { faults, json, openApi } from "../http/app";
import { ProjectPath } from "../projects/schemas";
import { pathPart } from "../protocol/path-part";
import { eventDetailOf } from "./event-routes";
import { findEventAnywhere } from "./find-event";
import { readIssueByShortId } from "./read-issue";
import { issueDetailOf } from "./routes";
import { EventIdLookup, ShortIdLookup } from "./schemas";

const readers = ["event:read", "event:write", "event:admin"] as const;
const OrganizationPath = ProjectPath.pick({ organization_slug: true });

const getByShortId = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/shortids/{short_id}/",
  tags: ["Organizations"],
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
  tags: ["Organizations"],
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
  const issue = await readIssueByShortId(deps, [id], short_id, membershipsOf(caller));
  const group = issueDetailOf(c, issue);
  return c.json(
    {
      organizationSlug: issue.orgSlug,
      projectSlug: issue.projectSlug,
      groupId: issue.id,
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
  const { eventId, event, issue } = await findEventAnywhere(deps, id, event_id);
  return c.json(
    {
      organizationSlug: issue.orgSlug,
      projectSlug: issue.projectSlug,
      groupId: issue.id,
      eventId,
      event: eventDetailOf(c, event),
    },
    200,
  );
});
