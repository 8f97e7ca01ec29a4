import { createRoute, z } from "@hono/zod-openapi";
import { issueStatuses } from "../../drizzle/schema/issues";
import { allow } from "../access/allow";
import { hasAny, orgOf } from "../access/reach";
import { faults, json, openApi, usualFaults } from "../http/app";
import { ProjectPath } from "../projects/schemas";
import { levelName, levels } from "../protocol/level";
import { searchEverything } from "./palette";
import { shortIdOf } from "./short-id";

const Found = z
  .object({
    projects: z.array(
      z.object({
        id: z.string(),
        slug: z.string(),
        name: z.string(),
        platform: z.string().nullable(),
      }),
    ),
    teams: z.array(z.object({ id: z.string(), slug: z.string(), name: z.string() })),
    members: z.array(z.object({ id: z.string(), name: z.string(), email: z.string() })),
    issues: z.array(
      z.object({
        id: z.string(),
        shortId: z.string(),
        title: z.string(),
        status: z.enum(issueStatuses),
        level: z.enum(levels),
        projectSlug: z.string(),
      }),
    ),
  })
  .openapi("SearchResults");

const textCharsMax = 200;

const search = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/search/",
  tags: ["Organizations"],
  summary: "Projects, teams, members and issues that are called so, at most five of each",
  request: {
    params: ProjectPath.pick({ organization_slug: true }),
    query: z.object({
      query: z.string().trim().min(1).max(textCharsMax).openapi({
        description:
          "Part of a name, an address or a title (of the 1000 issues seen last), or a short id",
        example: "shop",
      }),
    }),
  },
  responses: {
    200: json(Found, "What the credential may not read is empty"),
    ...usualFaults(),
    ...faults(422),
  },
  ...allow("org:read", "org:write", "org:admin"),
});

export const paletteRoutes = openApi();

paletteRoutes.openapi(search, async (c) => {
  const { deps, caller } = c.var;
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const may = (what: string) =>
    hasAny(
      caller,
      ["read", "write", "admin"].map((each) => `${what}:${each}`),
    );
  const found = await searchEverything(deps, id, c.req.valid("query").query, {
    projects: may("project"),
    teams: may("team"),
    members: may("member"),
    issues: may("event"),
  });
  const issues = found.issues.map(({ shortNumber, ...issue }) => ({
    ...issue,
    level: levelName(issue.level),
    shortId: shortIdOf({ slug: issue.projectSlug, number: shortNumber }),
  }));
  return c.json({ ...found, issues }, 200);
});
