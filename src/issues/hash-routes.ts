import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { listItemsMax, listOf } from "../protocol/query-list";
import { listHashes } from "./hashes";
import { IssueHash, IssueUnmerge, toHash, toJob } from "./merge-shapes";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { unmergeHashes } from "./unmerge";

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

const UnmergeQuery = z.object({
  id: listOf(z.string().regex(/^[0-9a-f]{32}$/)).openapi({
    type: "array",
    maxItems: listItemsMax,
    items: { type: "string", maxLength: 32 },
    description: "Hashes of the issue, not all of them",
  }),
  into: z
    .enum(["former", "new"])
    .optional()
    .openapi({ description: "new: a new issue, also where they led to another one before" }),
});

const unmergeAt = <P extends string, S extends z.ZodObject, M extends "put" | "delete">(
  method: M,
  path: P,
  params: S,
) =>
  createRoute({
    method,
    path: `${path}hashes/` as const,
    tags: ["Issues and events"],
    summary: "Take hashes out of an issue",
    description:
      "They lead to the issue that they led to before it was merged, or to a new one, at once; their events and numbers follow.",
    request: { params, query: UnmergeQuery },
    responses: {
      202: json(IssueUnmerge, "The job that moves them"),
      ...faults(400, 401, 403, 404, 409, 422),
    },
    ...allow("event:write", "event:admin"),
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

for (const method of ["put", "delete"] as const) {
  for (const route of [
    unmergeAt(method, "/api/0/issues/{issue_id}/", IssuePath),
    unmergeAt(
      method,
      "/api/0/organizations/{organization_slug}/issues/{issue_id}/",
      OrganizationIssuePath,
    ),
  ]) {
    hashRoutes.openapi(route, async (c) => {
      const { deps, caller } = c.var;
      const { id, into } = c.req.valid("query");
      const [orgIds, issue] = issueInPath(c);
      const orgs = caller.orgs.filter((org) => orgIds.includes(org.id));
      const asked = { hashes: id, isNew: into === "new" };
      const { job, issueId } = await unmergeHashes(
        deps,
        orgs,
        issue,
        asked,
        caller.user?.id ?? null,
      );
      const { slug = "" } = orgs.find((org) => org.id === job.orgId) ?? {};
      const where = { publicUrl: deps.config.publicUrl, orgSlug: slug };
      return c.json({ ...toJob(where)(job), issue: String(issueId) }, 202);
    });
  }
}
