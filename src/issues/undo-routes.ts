import { createRoute } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { body, faults, json, openApi } from "../http/app";
import { whereOf } from "./job-routes";
import { IssueJob, toJob } from "./merge-shapes";
import { Undo, Undone } from "./schemas";
import { undoChange } from "./undo-change";

const AllUndone = Undone.extend({
  job: IssueJob.optional().describe("Of a merge: moves what is of the issues back to them"),
}).openapi("Undone");

const undo = createRoute({
  method: "post",
  path: "/api/0/organizations/{organization_slug}/issues/undo/",
  tags: ["Issues and events"],
  summary: "Take a change of issues back",
  description:
    "Status, assignee, priority and marks of the issues that nobody changed since, of one or of all that a filter found, within 24 hours. Marks are taken back by whose they are. Of a merge: the issues are as they were, their comments stay with the other.",
  request: { params: OrganizationPath, body: body(Undo) },
  responses: { 200: json(AllUndone, "How many"), ...faults(400, 401, 403, 404, 409, 422, 503) },
  ...allow("event:write", "event:admin"),
});

export const undoRoutes = openApi();

undoRoutes.openapi(undo, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  const { undoId } = c.req.valid("json");
  const { job, ...undone } = await undoChange(deps, org, undoId, caller.user?.id ?? null);
  return c.json({ ...undone, ...(job && { job: toJob(whereOf(c, org.slug))(job) }) }, 200);
});
