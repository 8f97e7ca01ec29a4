import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { OrganizationPath } from "../access/schemas";
import { faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { pathPart } from "../protocol/path-part";
import { readShared } from "./share";
import { SharedIssueView, toSharedIssue } from "./share-shapes";

const SharePath = z.object({
  share_id: pathPart({ example: "9fac2ceed9344f2bbfdd1fdacb0ed9b1" }),
});

const sharedAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path,
    tags: ["Issues and events"],
    summary: "What anybody may see of an issue that is public",
    security: [],
    request: { params },
    responses: { 200: json(SharedIssueView, "The issue"), ...faults(404, 429) },
  });

export const shareRoutes = openApi();

for (const route of [
  sharedAt("/api/0/shared/issues/{share_id}/", SharePath),
  sharedAt(
    "/api/0/organizations/{organization_slug}/shared/issues/{share_id}/",
    OrganizationPath.extend(SharePath.shape),
  ),
]) {
  shareRoutes.openapi(route, async (c) => {
    c.header("X-Robots-Tag", "noindex");
    return c.json(await sharedIn(c), 200);
  });
}

/** The public issue that the path names. Faults: not_found, limited. */
export async function sharedIn(c: Context<AppEnv>): Promise<SharedIssueView> {
  const shareId = c.req.param("share_id") ?? "";
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const ip = c.req.header("cf-connecting-ip");
  return toSharedIssue(shareId, await readShared(c.var.deps, waitUntil, ip, shareId));
}
