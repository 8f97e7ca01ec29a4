import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { faults, json, openApi } from "../http/app";
import { IssuePath, OrganizationIssuePath } from "./routes";
import { Issue } from "./schemas";
import { speakOfIssue, toIssue } from "./shapes";
import { readSimilar, type Similar } from "./similar";

const readers = ["event:read", "event:write", "event:admin"] as const;

const SimilarIssue = z
  .tuple([
    Issue,
    z.object({
      title: z.number().describe("1: the titles are the same but for what varies in them"),
      frames: z.number().describe("Share of the functions of this issue's stack that it has too"),
      reasons: z.array(z.string()).describe("The same in words"),
    }),
  ])
  .openapi("SimilarIssue");

const similarAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path: `${path}similar/` as const,
    tags: ["Issues and events"],
    summary: "Issues of the project that may be the same fault",
    description:
      "By the title, but for numbers, ids and the like, and by at least three functions of the latest event's stack. At most 10.",
    request: { params },
    responses: {
      200: json(z.array(SimilarIssue), "The most alike first"),
      ...faults(401, 403, 404),
    },
    ...allow(...readers),
  });

export const similarRoutes = openApi();

for (const route of [
  similarAt("/api/0/issues/{issue_id}/", IssuePath),
  similarAt("/api/0/organizations/{organization_slug}/issues/{issue_id}/", OrganizationIssuePath),
]) {
  similarRoutes.openapi(route, async (c) => {
    const { deps, caller } = c.var;
    const slug = c.req.param("organization_slug");
    const orgs = slug === undefined ? caller.orgs : [orgOf(caller, slug)];
    const found = await readSimilar(deps, orgs, c.req.param("issue_id") ?? "");
    const context = { publicUrl: deps.config.publicUrl, now: deps.now() };
    return c.json(
      found.map(
        (similar): z.infer<typeof SimilarIssue> => [
          speakOfIssue(c.var, toIssue(context)(similar.issue)),
          toScores(similar),
        ],
      ),
      200,
    );
  });
}

const toScores = ({ isTitled, shared, functions }: Similar) => ({
  title: isTitled ? 1 : 0,
  frames: functions === 0 ? 0 : Math.min(1, shared / functions),
  reasons: [
    ...(isTitled ? ["same title"] : []),
    ...(shared > 0 ? [`${shared} shared functions`] : []),
  ],
});
