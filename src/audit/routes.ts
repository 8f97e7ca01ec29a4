import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { demandRole, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { faults, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { auditEvents } from "../protocol/audit-events";
import { moment } from "../protocol/moment";
import { listItemsMax } from "../protocol/query-list";
import { idPattern } from "../protocol/row-id";
import { unanswerable } from "../protocol/unanswerable";
import { listAudit } from "./audit";
import { AuditEntry } from "./schemas";
import { toAuditEntry } from "./shapes";

const AuditQuery = PageQuery.extend({
  event: z
    .union([z.enum(auditEvents), z.array(z.enum(auditEvents)).max(listItemsMax)])
    .optional()
    .transform((given) => (given === undefined ? [] : [given].flat()))
    .openapi({
      type: "array",
      items: { type: "string", enum: [...auditEvents] },
      maxItems: listItemsMax,
    }),
  actor: z.string().regex(idPattern, "must be the id of a user").max(15).optional(),
  start: moment.optional(),
  end: moment.optional(),
  statsPeriod: unanswerable("give start and end"),
});

const listAll = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/audit-logs/",
  tags: ["Organizations"],
  summary: "Who did what, to what, from where, when; needs a manager",
  request: { params: OrganizationPath, query: AuditQuery },
  responses: { 200: page(AuditEntry, "Newest first"), ...usualFaults(), ...faults(422) },
  ...allow("org:write", "org:admin"),
});

export const auditRoutes = openApi();

auditRoutes.openapi(listAll, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, { value: "number", id: "number" });
  const org = orgOf(c.var.caller, c.req.valid("param").organization_slug);
  demandRole(org, "manager");
  const actorId = query.actor === undefined ? undefined : Number(query.actor);
  const filter = { events: query.event, actorId, from: query.start, to: query.end };
  const entries = await listAudit(c.var.deps, org.id, filter, range);
  return answerPage(c, entries, range, toAuditEntry, ({ id }) => ({
    value: String(id),
    id: String(id),
  }));
});
