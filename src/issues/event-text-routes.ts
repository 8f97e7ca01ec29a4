import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { faults, json, openApi } from "../http/app";
import { pathPart } from "../protocol/path-part";
import { eventMarkdown } from "./event-markdown";
import { explainGrouping } from "./explain-grouping";
import { findEventOfIssue } from "./find-event";
import { readGroupingContext } from "./grouping-context";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { EventGrouping } from "./schemas";
import { permalinkOf, trimMicros } from "./shapes";
import { shortIdOf } from "./short-id";

const readers = ["event:read", "event:write", "event:admin"] as const;
const EventPath = z.object({
  event_id: pathPart({ description: "32 hex digits, latest, oldest, or recommended" }),
});

const doorsAt = <P extends string, S extends z.ZodObject>(path: P, params: S) => ({
  markdown: createRoute({
    method: "get",
    path: `${path}events/{event_id}/markdown/` as const,
    tags: ["Issues and events"],
    summary: "An event as Markdown, for a ticket or a model",
    request: { params: params.extend(EventPath.shape) },
    responses: {
      200: {
        description: "At most 50 000 characters; what the event says cannot leave its place",
        content: { "text/markdown": { schema: z.string() } },
      },
      ...faults(401, 403, 404),
    },
    ...allow(...readers),
  }),
  grouping: createRoute({
    method: "get",
    path: `${path}events/{event_id}/grouping/` as const,
    tags: ["Issues and events"],
    summary: "Why an event is in its issue",
    request: { params: params.extend(EventPath.shape) },
    responses: {
      200: json(EventGrouping, "What decided, and what did not"),
      ...faults(401, 403, 404, 410),
    },
    ...allow(...readers),
  }),
});

export const eventTextRoutes = openApi();

for (const doors of [
  doorsAt("/api/0/issues/{issue_id}/", IssuePath),
  doorsAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  eventTextRoutes.openapi(doors.markdown, async (c) => {
    const { deps } = c.var;
    const which = c.req.param("event_id") ?? "";
    const { issue, found } = await findEventOfIssue(deps, ...issueInPath(c), which);
    const text = eventMarkdown(found.event, {
      shortId: shortIdOf({ slug: issue.projectSlug, number: issue.shortNumber }),
      permalink: permalinkOf(deps.config.publicUrl, issue),
      eventId: found.row.eventId.replaceAll("-", ""),
      receivedAt: trimMicros(found.row.receivedAt),
    });
    return c.body(text, 200, { "Content-Type": "text/markdown; charset=utf-8" });
  });
  eventTextRoutes.openapi(doors.grouping, async (c) => {
    const which = c.req.param("event_id") ?? "";
    const { deps } = c.var;
    const { issue, found } = await findEventOfIssue(deps, ...issueInPath(c), which);
    return c.json(explainGrouping(found.event, await readGroupingContext(deps, issue, found)), 200);
  });
}
