import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { faults, json, openApi } from "../http/app";
import { askedOf, CountQuery } from "./asked";
import { countIssues } from "./count-issues";
import { IssueCount } from "./schemas";

const readers = ["event:read", "event:write", "event:admin"] as const;

const countEach = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues/counts/",
  tags: ["Issues and events"],
  summary: "How many issues each of some searches finds",
  request: { params: OrganizationPath, query: CountQuery },
  responses: {
    200: json(z.array(IssueCount), "In the order of the searches"),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...readers),
});

export const countRoutes = openApi();

countRoutes.openapi(countEach, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  const { query: searches, ...filter } = c.req.valid("query");
  const now = deps.now();
  const asked = searches.map((query) =>
    askedOf({ ...filter, query, id: [], status: undefined, shortIdLookup: undefined }, now),
  );
  const counts = await countIssues(deps, org, asked);
  return c.json(
    counts.map((count, index) => ({ query: searches[index] ?? "", ...count })),
    200,
  );
});
