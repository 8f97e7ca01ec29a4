import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { faults, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { listHashes } from "./hashes";
import { IssueHash, toHash } from "./merge-shapes";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";

const HashQuery = PageQuery.extend({
  full: z
    .enum(["true", "1", "false", "0"])
    .optional()
    .openapi({ description: "false: events without their entries" }),
});

const hashesAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path: `${path}hashes/` as const,
    tags: ["Issues and events"],
    summary: "Hashes that lead to an issue",
    description: "What a merged issue consists of, each hash with its newest event.",
    request: { params, query: HashQuery },
    responses: { 200: page(IssueHash, "By hash"), ...faults(401, 403, 404, 422) },
    ...allow("event:read", "event:write", "event:admin"),
  });

export const hashRoutes = openApi();

for (const route of [
  hashesAt("/api/0/issues/{issue_id}/", IssuePath),
  hashesAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  hashRoutes.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const range = rangeOf(query, { value: "text", id: "number" });
    const found = await listHashes(c.var.deps, ...issueInPath(c), range);
    const isThin = query.full === "false" || query.full === "0";
    const edge = ({ hash }: { hash: string }) => ({ value: hash, id: "0" });
    return answerPage(c, found, range, toHash(c.var, isThin), edge);
  });
}
