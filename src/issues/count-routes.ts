import { createRoute, z } from "@hono/zod-openapi";
import { allow } from "../access/allow";
import { orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { faults, json, openApi } from "../http/app";
import { askedOf, CountQuery, names, numbers, PeriodQuery, periodOf } from "./asked";
import { countIssues } from "./count-issues";
import { type IssueNumbers as Found, numbersOfIssue, numbersOfIssues } from "./issue-numbers";
import { IssuePath, issueInPath, OrganizationIssuePath } from "./routes";
import { IssueCount, IssueNumbers, IssueStats } from "./schemas";
import { trimMicros } from "./shapes";

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

const groupsMax = 100;

const NumbersQuery = z.object({ ...PeriodQuery.shape, environment: names });

const statsOfMany = createRoute({
  method: "get",
  path: "/api/0/organizations/{organization_slug}/issues-stats/",
  tags: ["Issues and events"],
  summary: "Numbers of some issues inside a period and environments",
  request: {
    params: OrganizationPath,
    query: NumbersQuery.extend({
      groups: numbers
        .refine(({ length }) => length <= groupsMax, `at most ${groupsMax}`)
        .openapi({
          type: "array",
          items: { type: "integer", maximum: 999_999_999_999_999 },
          maxItems: groupsMax,
        }),
    }),
  },
  responses: {
    200: json(
      z.array(IssueNumbers),
      "In the order that was asked for, without those that are not there",
    ),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...readers),
});

const statsAt = <P extends string, S extends z.ZodObject>(path: P, params: S) =>
  createRoute({
    method: "get",
    path,
    tags: ["Issues and events"],
    summary: "Events and people of an issue over time",
    request: { params, query: NumbersQuery },
    responses: {
      200: json(IssueStats, "Of 14 days unless asked otherwise"),
      ...faults(400, 401, 403, 404, 422),
    },
    ...allow(...readers),
  });

export const countRoutes = openApi();

countRoutes.openapi(statsOfMany, async (c) => {
  const { deps, caller } = c.var;
  const { id } = orgOf(caller, c.req.valid("param").organization_slug);
  const { groups, ...query } = c.req.valid("query");
  const ids = [...new Set(groups)];
  const found = await numbersOfIssues(deps, id, ids, filterOf(query, deps.now()));
  const { intervalSeconds } = found;
  return c.json(
    found.issues.map((issue) => ({
      id: issue.id,
      ...toNumbers(issue, intervalSeconds),
      lifetime: {
        count: String(issue.lifetime.count),
        userCount: issue.lifetime.userCount,
        firstSeen: trimMicros(issue.lifetime.firstSeen),
        lastSeen: trimMicros(issue.lifetime.lastSeen),
      },
    })),
    200,
  );
});

for (const route of [
  statsAt("/api/0/issues/{issue_id}/stats/", IssuePath),
  statsAt(
    "/api/0/organizations/{organization_slug}/issues/{issue_id}/stats/",
    OrganizationIssuePath,
  ),
]) {
  countRoutes.openapi(route, async (c) => {
    const { deps } = c.var;
    const period = filterOf(c.req.valid("query"), deps.now());
    const found = await numbersOfIssue(deps, ...issueInPath(c), period);
    return c.json({ ...toNumbers(found, found.intervalSeconds), people: found.people }, 200);
  });
}

const filterOf = (query: z.output<typeof NumbersQuery>, now: Date) => ({
  ...periodOf(query, now),
  environments: query.environment,
});

const toNumbers = (
  { count, userCount, firstSeen, lastSeen, isCapped, isCountCapped, series }: Found,
  intervalSeconds: number,
) => ({
  count: String(count),
  userCount,
  firstSeen: firstSeen && trimMicros(firstSeen),
  lastSeen: lastSeen && trimMicros(lastSeen),
  isCapped,
  isCountCapped,
  intervalSeconds,
  series,
});

countRoutes.openapi(countEach, async (c) => {
  const { deps, caller } = c.var;
  const org = orgOf(caller, c.req.valid("param").organization_slug);
  const { query: searches, ...filter } = c.req.valid("query");
  const now = deps.now();
  const asked = searches.map((query) => ({
    ...askedOf({ ...filter, query, id: [], status: undefined, shortIdLookup: undefined }, now),
    isLenient: true,
  }));
  const counts = await countIssues(deps, org, asked);
  return c.json(
    counts.map((count, index) => ({ query: searches[index] ?? "", ...count })),
    200,
  );
});
