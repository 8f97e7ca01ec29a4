import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { Fault } from "../fault";
import { faults, json, openApi } from "../http/app";
import { pathPart } from "../protocol/path-part";
import { eventDifference } from "./event-difference";
import { EventDifference, toDifference } from "./event-difference-shapes";
import { eventMarkdown } from "./event-markdown";
import { explainGrouping } from "./explain-grouping";
import { findEventOfIssue } from "./find-event";
import { readGroupingContext } from "./grouping-context";
import { issueMarkdown, whereaboutsOf } from "./issue-markdown";
import { readIssueTags } from "./read-issue";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { EventGrouping } from "./schemas";
import { toIssueTags } from "./shapes";

const readers = ["event:read", "event:write", "event:admin"] as const;
const EventPath = z.object({
  event_id: pathPart({ description: "32 hex digits, latest, oldest, or recommended" }),
});

const OtherPath = z.object({
  other_id: pathPart({ description: "Likewise: the event that it is compared with" }),
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
  difference: createRoute({
    method: "get",
    path: `${path}events/{event_id}/diff/{other_id}/` as const,
    tags: ["Issues and events"],
    summary: "What differs between two events of an issue",
    request: { params: params.extend(EventPath.shape).extend(OtherPath.shape) },
    responses: {
      200: json(EventDifference, "Part by part; what is equal is left out"),
      ...faults(401, 403, 404, 410),
    },
    ...allow(...readers),
  }),
  issueMarkdown: createRoute({
    method: "get",
    path: `${path}markdown/` as const,
    tags: ["Issues and events"],
    summary: "An issue with its latest event as Markdown, for a ticket or a model",
    request: { params },
    responses: {
      200: {
        description: "What the events say cannot leave its place",
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
    const text = eventMarkdown(found.event, whereaboutsOf(issue, found, deps.config.publicUrl));
    return c.body(text, 200, { "Content-Type": "text/markdown; charset=utf-8" });
  });
  eventTextRoutes.openapi(doors.difference, async (c) => {
    const [before, after] = await Promise.all(
      ["event_id", "other_id"].map((name) =>
        findEventOfIssue(c.var.deps, ...issueInPath(c), c.req.param(name) ?? ""),
      ),
    );
    const [one, other] = [before?.found.event, after?.found.event];
    if (!one || !other) throw new Fault("gone", "The payload of one of these events is lost");
    return c.json(toDifference(eventDifference(one, other)), 200);
  });
  eventTextRoutes.openapi(doors.issueMarkdown, async (c) => {
    const { deps } = c.var;
    const [orgIds, id] = issueInPath(c);
    const { issue, found } = await findEventOfIssue(deps, orgIds, id, "latest");
    const tags = await readIssueTags(deps, orgIds, issue.id, []);
    const text = issueMarkdown(issue, toIssueTags(tags), found, deps.config.publicUrl);
    return c.body(text, 200, { "Content-Type": "text/markdown; charset=utf-8" });
  });
  eventTextRoutes.openapi(doors.grouping, async (c) => {
    const which = c.req.param("event_id") ?? "";
    const { deps } = c.var;
    const { issue, found } = await findEventOfIssue(deps, ...issueInPath(c), which);
    return c.json(explainGrouping(found.event, await readGroupingContext(deps, issue, found)), 200);
  });
}
