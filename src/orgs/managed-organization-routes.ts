import { createRoute } from "@hono/zod-openapi";
import { allowSuperuser } from "../access/allow";
import { faults, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { nameQuery } from "../protocol/name-query";
import { listAllOrganizations } from "./organizations";
import { ManagedOrganization } from "./schemas";

const listAll = createRoute({
  method: "get",
  path: "/api/0/internal/organizations/",
  tags: ["This installation"],
  summary: "Every organization of the installation; for superusers",
  request: { query: PageQuery.extend({ query: nameQuery("Part of name or slug") }) },
  responses: { 200: page(ManagedOrganization, "Oldest first"), ...faults(401, 403, 422, 429) },
  ...allowSuperuser(),
});

export const managedOrganizationRoutes = openApi();

managedOrganizationRoutes.openapi(listAll, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, { value: "number", id: "number" });
  const found = await listAllOrganizations(c.var.deps, query.query ?? "", range);
  return answerPage(
    c,
    found,
    range,
    ({ createdAt, ...row }) => ({ ...row, dateCreated: new Date(createdAt).toISOString() }),
    ({ id }) => ({ value: id, id }),
  );
});
